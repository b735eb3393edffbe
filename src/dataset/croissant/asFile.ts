import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { readWhole } from '../../container/location.ts';
import type { Place } from '../formats/format.ts';
import { locationOf } from '../itemLocation.ts';

/** Larger tables in archives are not read: 512 MiB. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Reads a table as a file: where it lies, or from a copy that is there meanwhile when it lies in an archive, because
 * what reads tables reads files. Throws {@link InputError} as `read` does.
 *
 * @param read is given the absolute path
 */
export async function* asFile<T>(
  root: string,
  place: Place,
  read: (path: string) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const { path, member } = place;
  if (member === undefined) {
    yield* read(join(root, path));
    return;
  }
  const aside = await mkdtemp(join(tmpdir(), 'pairlab-table-'));
  const copy = join(aside, basename(member));
  try {
    await writeFile(copy, await readWhole(locationOf(root, place), MAX_BYTES));
    yield* read(copy);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.message.replaceAll(copy, `${path}/${member}`), error);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
