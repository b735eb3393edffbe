import { resolve } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { exists } from '../../base/files.ts';
import { type IdColumn, joinColumns, readIdColumns } from '../../dataset/formats/idColumns.ts';
import type { Modality } from '../../protocol.ts';
import type { EncoderChoice } from '../encoderChoice.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { VectorSource } from '../vectorSource.ts';
import { type ArrayPart, findArrayParts } from './arrayParts.ts';
import { readItemVectors } from './itemVectors.ts';
import { rowsOfItems } from './rowsOfItems.ts';

/** Raised whenever the same arrays would give the same item another vector. */
const VERSION = 1;

/** Vectors that another program computed, from a file or folder. Throws {@link InputError}. */
export async function arraySource(
  path: string,
  modality: Modality,
  choice: EncoderChoice & { name: string },
): Promise<VectorSource> {
  const { name, array } = choice;
  const ids = choice.ids === undefined ? undefined : resolve(choice.ids);
  const parts = await findArrayParts(path, modality, array);
  if (ids !== undefined && !(await exists(ids))) throw new InputError(`There is no file ${ids}. Correct --ids.`);
  const files = new Set([
    ...parts.flatMap((part) => [part.path, part.ids ?? part.path]),
    ...(ids === undefined ? [] : [ids]),
  ]);
  const chosen = JSON.stringify([array, ids]);
  const fingerprint = await fingerprintOf([...files], chosen);
  return {
    name,
    version: VERSION,
    origin: {
      kind: 'arrays',
      path,
      fingerprint,
      ...(array !== undefined && { array }),
      ...(ids !== undefined && { ids }),
    },
    isStored: true,
    async encode({ snapshot, items }, job) {
      const columns = await readIds(parts, ids, job.signal);
      const vectors = countRows(parts);
      const { rows, note } = await rowsOfItems({ snapshot, modality, items, path, vectors, columns });
      const encoded = await readItemVectors(items, rows, parts, modality, job);
      if (encoded.ids.length > 0) return { fitted: { items: 0 }, ...encoded, notes: [note] };
      throw new InputError(
        `None of the vectors in ${path} can be used. The first one: ${encoded.unreadable[0]?.sentence}`,
      );
    },
  };
}

/** The ids that were named, else those that lie beside every one of the arrays. */
async function readIds(
  parts: readonly ArrayPart[],
  ids: string | undefined,
  signal: AbortSignal | undefined,
): Promise<IdColumn[]> {
  if (ids !== undefined) {
    const columns = await readIdColumns(ids, signal);
    return columns.map((column) => checkCount(column, ids, countRows(parts)));
  }
  const files: IdColumn[][] = [];
  for (const part of parts) {
    const beside = part.ids;
    if (beside === undefined) return [];
    files.push((await readIdColumns(beside, signal)).map((column) => checkCount(column, beside, part.array.rows)));
  }
  return joinColumns(files);
}

function checkCount(column: IdColumn, path: string, rows: number): IdColumn {
  if (column.cells.length === rows) return column;
  throw new InputError(
    `${path} has ${column.cells.length} ids, but there are ${rows} vectors: which id is of which vector is unknown. Write both again.`,
  );
}

function countRows(parts: readonly ArrayPart[]): number {
  return parts.reduce((sum, { array }) => sum + array.rows, 0);
}
