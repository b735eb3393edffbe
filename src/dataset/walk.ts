import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { mapConcurrently } from '../base/concurrency.ts';
import { errorCode, InputError, throwIfCancelled } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import type { Problem } from '../protocol.ts';

/** A file below the root. */
export interface FileEntry {
  /** Relative to the root, with "/". */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '__MACOSX', '__pycache__']);
const OPEN_FILES = 32;

/**
 * Names of files and links below a folder, sorted within each folder, relative with "/". Hidden names, node_modules and
 * folders that archivers and Python leave behind are not entered; links are not followed.
 */
export async function* walkFolder(
  root: string,
  signal?: AbortSignal,
): AsyncGenerator<{ path: string; isLink: boolean }> {
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    throwIfCancelled(signal);
    for (const entry of await readFolder(join(root, folder), folder === '')) {
      if (entry.name.startsWith('.')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) waiting.push(path);
      } else if (entry.isFile() || entry.isSymbolicLink()) {
        yield { path, isLink: entry.isSymbolicLink() };
      }
    }
  }
}

/** Every file below the root with size and time of change, sorted by path, and a problem for each link that is not followed. */
export async function listFiles(root: string, job: Job = {}): Promise<{ files: FileEntry[]; problems: Problem[] }> {
  const found: { path: string; isLink: boolean }[] = [];
  for await (const entry of walkFolder(root, job.signal)) {
    found.push(entry);
    if (found.length % 500 === 0) job.progress?.({ stage: 'listing files', done: found.length });
  }
  const realRoot = await realpath(root);
  const looked = await mapConcurrently(found, OPEN_FILES, (entry) => look(root, realRoot, entry), job.signal);
  job.progress?.({ stage: 'listing files', done: found.length, total: found.length });
  return {
    files: looked.filter((entry) => 'bytes' in entry).sort((a, b) => (a.path < b.path ? -1 : 1)),
    problems: looked.filter((entry) => 'kind' in entry),
  };
}

async function look(
  root: string,
  realRoot: string,
  { path, isLink }: { path: string; isLink: boolean },
): Promise<FileEntry | Problem> {
  const absolute = join(root, path);
  try {
    if (isLink && !`${await realpath(absolute)}${sep}`.startsWith(`${realRoot}${sep}`)) {
      const sentence = `${path} is a link to a place outside the root: it was not opened. Copy the file below the root.`;
      return { kind: 'outside-root', severity: 'error', where: path, sentence, items: [] };
    }
    const found = await stat(absolute);
    if (found.isFile()) return { path, bytes: found.size, modified: found.mtimeMs };
    const sentence = `${path} is a link to another folder of the root, whose files are counted there.`;
    return { kind: 'not-part-of-layout', severity: 'information', where: path, sentence, items: [] };
  } catch (error) {
    const reason = isLink ? 'is a link to nothing' : `cannot be looked at (${errorCode(error) ?? 'unknown reason'})`;
    const sentence = `${path} ${reason}: restore the file or delete the name.`;
    return { kind: 'missing-file', severity: 'error', where: path, sentence, items: [] };
  }
}

/** A folder below the root that vanishes meanwhile is empty; the root itself must be there. */
async function readFolder(path: string, isRoot: boolean): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && !isRoot) return [];
    throw new InputError(`The folder ${path} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, error);
  }
}
