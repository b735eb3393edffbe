import { hash } from 'node:crypto';
// The package names no path to this file, only to components for a browser.
import { createUMAP } from '../../../node_modules/embedding-atlas/dist/umap.js';
import { EnvironmentError } from '../../base/errors.ts';
import { type Matrix, rowOf, selectRows, unitRows } from '../../base/matrix.ts';
import type { ReportProgress } from '../../base/progress.ts';
import { Random } from '../../base/random.ts';

/** Fewer different directions have no neighbourhoods. */
const MIN_DIRECTIONS = 4;
const MANY_ROWS = 10_000;
/** As the reference implementation, umap-learn. */
const EPOCHS = 500;
const EPOCHS_OF_MANY = 200;

export interface LayoutOptions {
  /** How many nearest rows make the neighbourhood of a row, itself among them: at least 2. */
  readonly neighbours: number;
  /** How close neighbours may lie on the map. */
  readonly minDistance: number;
  readonly seed: number;
}

/**
 * UMAP of the rows by cosine (McInnes, Healy and Melville, 2018, arXiv 1802.03426; embedding-atlas' implementation:
 * neighbours by NN-descent, spectral start): rows × 2 finite numbers, the same for a seed on one machine. Only
 * directions count: rows of one direction are laid out once and lie at one place. Fewer than four directions lie evenly
 * on the unit circle, a single one in its centre. Holds the calling thread; about three times the memory of the matrix.
 */
export async function layOut(matrix: Matrix, options: LayoutOptions, report: ReportProgress): Promise<Float32Array> {
  const { directions, directionOf } = findDirections(matrix);
  const places = directions.rows < MIN_DIRECTIONS ? onCircle(directions.rows) : await umap(directions, options, report);
  return selectRows({ rows: directions.rows, columns: 2, data: places }, directionOf).data;
}

async function umap(matrix: Matrix, options: LayoutOptions, report: ReportProgress): Promise<Float32Array> {
  const { rows, columns, data } = matrix;
  const nEpochs = rows > MANY_ROWS ? EPOCHS_OF_MANY : EPOCHS;
  report({ stage: 'finding neighbours', done: 0 });
  // The library's one fraction goes on from the neighbours to the epochs.
  let fraction = 0;
  let before: number | undefined;
  const layout = await createUMAP(rows, columns, 2, data, {
    metric: 'cosine',
    nNeighbors: Math.min(options.neighbours, rows - 1),
    minDist: options.minDistance,
    seed: Random.of(options.seed, 'map').integer(2 ** 32),
    nEpochs,
    progress: (reached) => {
      fraction = reached;
      if (before === undefined) return;
      const done = Math.round((nEpochs * (fraction - before)) / (1 - before));
      report({ stage: 'arranging the map', done, total: nEpochs });
    },
  });
  before = fraction;
  await layout.run();
  const places = layout.embedding.slice();
  if (places.every(Number.isFinite)) return places;
  throw new EnvironmentError(`UMAP found no place for some of the ${rows} rows. Ask for another seed.`);
}

/** The different unit rows, in the order of their first appearance, and for each row which of them it is. */
function findDirections(matrix: Matrix): { directions: Matrix; directionOf: Uint32Array } {
  const unit = unitRows(matrix);
  const indexOf = new Map<string, number>();
  const first: number[] = [];
  const directionOf = Uint32Array.from({ length: matrix.rows }, (_, row) => {
    const key = hash('sha256', rowOf(unit, row));
    const known = indexOf.get(key) ?? first.length;
    if (known === first.length) {
      indexOf.set(key, known);
      first.push(row);
    }
    return known;
  });
  return { directions: selectRows(unit, first), directionOf };
}

function onCircle(count: number): Float32Array {
  const places = new Float32Array(2 * count);
  if (count < 2) return places;
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * i) / count;
    places.set([Math.cos(angle), Math.sin(angle)], 2 * i);
  }
  return places;
}
