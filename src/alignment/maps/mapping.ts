import { type Matrix, sharedZeros } from '../../base/matrix.ts';
import type { Job } from '../../base/progress.ts';
import type { Products } from '../products/pool.ts';
import { countRows, pickRows, type Rows } from '../products/rows.ts';
import type { LinearMap } from './pairMap.ts';
import { spansByGroup } from './spans.ts';

const BLOCK = 1024;

export interface Mapping {
  /** N × D, in shared memory. */
  readonly rows: Rows;
  /** The map of each row. */
  readonly groupOf: Uint32Array;
  /** All with as many outputs. */
  readonly maps: readonly LinearMap[];
  /** Shared memory to write to, when there is some: at least N × outputs. */
  readonly room?: Float32Array;
}

/** Every row through the map of its group, as a unit vector: N × outputs, in shared memory. */
export async function mapToUnit(
  products: Products,
  { rows, groupOf, maps, room }: Mapping,
  job: Job = {},
): Promise<Matrix> {
  const count = countRows(rows);
  const outputs = maps[0]?.weights?.rows ?? rows.matrix.columns;
  const data = room?.subarray(0, count * outputs) ?? sharedZeros(count, outputs).data;
  const mapped = { rows: count, columns: outputs, data };
  const { order, spans } = spansByGroup(groupOf, BLOCK);
  const input = { rows: pickRows(rows, order), places: order, maps, spans, mapped };
  await products.run('mapRows', input, spans.length, 'mapping vectors', job);
  return mapped;
}
