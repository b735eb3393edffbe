import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Names the state of files by their names, sizes and times of change: reading gigabytes of weights would take long.
 *
 * @param more what else tells two uses of the same files apart
 */
export async function fingerprintOf(paths: readonly string[], more = ''): Promise<string> {
  const hash = createHash('sha256').update(more);
  for (const path of paths) {
    const { size, mtimeMs } = await stat(path);
    hash.update(JSON.stringify([basename(path), size, mtimeMs]));
  }
  return hash.digest('hex').slice(0, 16);
}
