import { join } from 'node:path';
import * as z from 'zod';
import { breathe } from '../../base/concurrency.ts';
import { listArrays, openVectors } from '../../container/vectors.ts';
import type { Modality } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import type { FoundItem, Labels } from './format.ts';
import { VectorHealth } from './vectorHealth.ts';

/** An array of a file: the vectors of one modality. */
export interface ArrayFile {
  /** Relative to the root. */
  readonly path: string;
  /** Absent where the file holds one matrix. */
  readonly array?: string | undefined;
  readonly modality: Modality;
}

/** Vectors that were added as items. */
export interface AddedVectors {
  readonly rows: number;
  readonly dimensions: number;
  /** Id of the item of a row, counted from 0. */
  idOf(row: number): string;
}

/** So many numbers are read at a time. */
const NUMBERS_PER_BLOCK = 1024 * 1024;

/**
 * Adds every row of an array as an item, and a problem for each vector that says nothing: with a number that is not
 * finite, or of zeros only, and for what {@link VectorHealth} finds. Throws {@link InputError} when the array cannot be read.
 *
 * @param more what else is known of the item of a row, counted from 0; `undefined` leaves the row out
 */
export async function addVectors(
  staging: Staging,
  { path, array, modality }: ArrayFile,
  more: (row: number) => (Labels & Pick<FoundItem, 'text' | 'source'>) | undefined,
  signal: AbortSignal | undefined,
): Promise<AddedVectors> {
  const vectors = await openVectors(join(staging.root, path), array);
  const { rows, columns: dimensions } = vectors;
  const health = await VectorHealth.begin(staging);
  const idOf = (row: number): string => `${path}#${array === undefined ? '' : `${array}:`}${row + 1}`;
  try {
    const step = Math.max(1, Math.floor(NUMBERS_PER_BLOCK / Math.max(1, dimensions)));
    for (let from = 0; from < rows; from += step) {
      await breathe(signal);
      const block = await vectors.read(from, from + step);
      for (let row = from; row < Math.min(rows, from + step); row++) {
        const known = more(row);
        if (known === undefined) continue;
        const id = idOf(row);
        staging.item({ id, modality, path, row: row + 1, column: array, dimensions, ...known });
        const vector = block.subarray((row - from) * dimensions, (row - from + 1) * dimensions);
        const fault = faultOfVector(vector);
        if (fault === undefined) {
          health.add(row + 1, vector);
          continue;
        }
        const sentence = `${path}, row ${row + 1}${array === undefined ? '' : ` of ${array}`} ${faultText[fault]}: encode its item again or leave it out.`;
        const fix = { title: `Exclude ${id} and its pairs`, exclude: [id] };
        staging.problem({ kind: 'bad-vector', severity: 'error', where: id, sentence, items: [id], fix });
      }
    }
  } finally {
    vectors.close();
  }
  await health.end(path, array === undefined ? path : `${path}, ${array},`, signal);
  return { rows, dimensions, idOf };
}

/** The name of the only matrix in a file that names its arrays; `undefined` when it has no names or several. */
export async function onlyArray(path: string): Promise<string | undefined> {
  const [only, another] = await listArrays(path);
  return another === undefined ? only?.name : undefined;
}

/** Why a vector says nothing. */
export const VectorFault = z.enum(['not-finite', 'zero']);
export type VectorFault = z.infer<typeof VectorFault>;

/** The end of a sentence that begins with a vector. */
export const faultText: Readonly<Record<VectorFault, string>> = {
  'not-finite': 'holds a number that is not finite',
  zero: 'holds nothing but zeros',
};

export function faultOfVector(vector: Float32Array): VectorFault | undefined {
  let hasValue = false;
  for (const value of vector) {
    if (!Number.isFinite(value)) return 'not-finite';
    if (value !== 0) hasValue = true;
  }
  return hasValue ? undefined : 'zero';
}
