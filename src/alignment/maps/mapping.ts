import type { Matrix } from '../../base/matrix.ts';
import type { Job } from '../../base/progress.ts';
import type { Products } from '../products/pool.ts';
import { sharedZeros } from '../products/rows.ts';
import type { LinearMap } from './pairMap.ts';
import { spansByGroup } from './spans.ts';

const BLOCK = 1024;

/**
 * Every row of `matrix` (N × D, in shared memory) through the map of its group, as a unit vector: N × outputs, in shared
 * memory (in `room`, when that is given). All maps have as many outputs.
 */
export async function mapToUnit(
  products: Products,
  {
    matrix,
    groupOf,
    maps,
    room,
  }: { matrix: Matrix; groupOf: Uint32Array; maps: readonly LinearMap[]; room?: Float32Array },
  job: Job = {},
): Promise<Matrix> {
  const outputs = maps[0]?.weights?.rows ?? matrix.columns;
  const data = room?.subarray(0, matrix.rows * outputs) ?? sharedZeros(matrix.rows, outputs).data;
  const mapped = { rows: matrix.rows, columns: outputs, data };
  const { order, spans } = spansByGroup(groupOf, BLOCK);
  const rows = { matrix, listed: order };
  await products.run('mapRows', { rows, places: order, maps, spans, mapped }, spans.length, 'mapping vectors', job);
  return mapped;
}

/** The rows as unit vectors, in shared memory. */
export async function unitShared(products: Products, matrix: Matrix, job: Job = {}): Promise<Matrix> {
  const groupOf = new Uint32Array(matrix.rows);
  return await mapToUnit(products, { matrix, groupOf, maps: [{ mean: new Float64Array(matrix.columns) }] }, job);
}
