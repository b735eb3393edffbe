import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import type { Staging } from '../staging.ts';

/** True for a file below the root; a link that leads out of it is none. */
export async function isThere(staging: Staging, file: string): Promise<boolean> {
  const found = await staging.database.query('SELECT path FROM files WHERE path = $file', { file }, z.unknown());
  return found.length > 0;
}

/**
 * Makes a file the layout's own and gives its absolute path: the only way to open a file whose name stands in the settings
 * or in another file. Throws {@link InputError} when it is not below the root, as with a link that leads out.
 */
export async function claimFile(staging: Staging, file: string): Promise<string> {
  const path = join(staging.root, file);
  if (!(await isThere(staging, file)))
    throw new InputError(`There is no file ${path} below the root. Correct the dataset file.`);
  staging.claim(file);
  return path;
}
