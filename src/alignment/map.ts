import { exists } from '../base/files.ts';
import { type Matrix, selectRows } from '../base/matrix.ts';
import { readNpy, writeNpy } from '../base/npy.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { Dataset } from '../dataset/config.ts';
import type { AlignmentMap, Projection, ScoredPair } from '../protocol.ts';
import { projectUmap } from './projection/umap.ts';
import { allScoredPairs } from './scoredPairs.ts';
import { reportFiles, requireReport } from './store.ts';

/** UMAP takes minutes for more points than twice this. */
const UMAP_PAIRS = 10_000;

/**
 * The 2-D map of a stored report: the first two principal components at once; UMAP of the components the first time in a
 * process of its own, then from disk. UMAP places a seeded sample when there are more than 10,000 pairs.
 */
export async function alignmentMap(
  dataset: Dataset,
  report: string,
  projection: Projection,
  job: Job = {},
): Promise<AlignmentMap> {
  await requireReport(dataset, report);
  const pairs = await allScoredPairs(dataset, report);
  const placed =
    projection === 'pca' ? await byComponents(dataset, report) : await byUmap(dataset, report, pairs.length, job);
  return describeMap(report, projection, pairs, placed);
}

interface Placed {
  /** Pairs of the report that are on the map. */
  readonly indices: Uint32Array;
  /** x and y of the first and of the second item of each of them. */
  readonly positions: Float32Array;
}

async function byComponents(dataset: Dataset, report: string): Promise<Placed> {
  const { rows, columns, data } = await readNpy(reportFiles(dataset, report).components);
  const positions = new Float32Array(2 * rows);
  for (let point = 0; point < rows; point++) {
    positions[2 * point] = data[point * columns] ?? 0;
    positions[2 * point + 1] = data[point * columns + 1] ?? 0;
  }
  return { indices: Uint32Array.from({ length: rows / 2 }, (_, pair) => pair), positions };
}

async function byUmap(dataset: Dataset, report: string, pairs: number, job: Job): Promise<Placed> {
  const files = reportFiles(dataset, report);
  if ((await exists(files.umap)) && (await exists(files.umapPairs))) {
    const [positions, indices] = await Promise.all([readNpy(files.umap), readNpy(files.umapPairs)]);
    return { indices: Uint32Array.from(indices.data), positions: positions.data };
  }
  const chosen = sampleOf(pairs);
  const components = pointsOf(await readNpy(files.components), chosen);
  const positions = await projectUmap(components, { seed: 0 }, job);
  await writeNpy(files.umapPairs, chosen.length, 1, [Float32Array.from(chosen)]);
  await writeNpy(files.umap, 2 * chosen.length, 2, [positions]);
  return { indices: chosen, positions };
}

function sampleOf(pairs: number): Uint32Array {
  const all = Array.from({ length: pairs }, (_, pair) => pair);
  if (pairs <= UMAP_PAIRS) return Uint32Array.from(all);
  return Uint32Array.from(Random.of(0, 'pairs on the map').sample(all, UMAP_PAIRS)).sort();
}

function pointsOf(components: Matrix, pairs: Uint32Array): Matrix {
  return selectRows(
    components,
    Uint32Array.from({ length: 2 * pairs.length }, (_, at) => 2 * (pairs[at >> 1] ?? 0) + (at & 1)),
  );
}

function describeMap(
  report: string,
  projection: Projection,
  all: readonly ScoredPair[],
  { indices, positions }: Placed,
): AlignmentMap {
  const pairs = [...indices].flatMap((index) => all[index] ?? []);
  const classes = labelsOf(pairs, 'class');
  const splits = labelsOf(pairs, 'split');
  const numbersOf = (read: (pair: ScoredPair) => number): string => base64(Float32Array.from(pairs, read));
  return {
    report,
    projection,
    pairs: pairs.length,
    indices: base64(indices),
    ids: pairs.map(({ pair }) => pair),
    keys: pairs.map(({ key }) => key),
    positions: base64(positions),
    classOf: base64(Uint16Array.from(pairs, (pair) => classes.indexOf(pair.class ?? ''))),
    splitOf: base64(Uint16Array.from(pairs, (pair) => splits.indexOf(pair.split ?? ''))),
    classes,
    splits,
    mismatch: numbersOf(({ mismatch }) => mismatch),
    rank: numbersOf(({ rankForward }) => Math.log2(rankForward)),
  };
}

/** `''` stands for none. */
function labelsOf(pairs: readonly ScoredPair[], label: 'class' | 'split'): string[] {
  return [...new Set(pairs.map((pair) => pair[label] ?? ''))].sort();
}

function base64({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array | Uint32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
