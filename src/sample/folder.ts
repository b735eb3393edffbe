/** How a sample gets into its folder: written aside, moved in when whole, and never over files of somebody else. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { errorCode, InputError } from '../base/errors.ts';
import { filesOf, readTruth } from './truth.ts';

/** What the index reads. */
export const DATA = 'data';
/** What the index does not read. */
export const TRUTH = 'truth.jsonl';
/** Where a sample grows. One that is left over belonged to a run that was killed. */
const UNFINISHED = '.unfinished-sample';

/**
 * Checks that nothing of somebody else would be lost, and gives the path of an empty folder to write into.
 * @throws InputError when the folder holds foreign files and `force` is false, or foreign `data` or `truth.jsonl`.
 */
export async function openSampleFolder(folder: string, force: boolean): Promise<string> {
  const names = (await namesIn(folder)).filter((name) => name !== UNFINISHED);
  const truth = await readTruth(join(folder, TRUTH));
  if (truth !== undefined) {
    await refuseForeignData(folder, filesOf(truth.instances));
  } else if (names.includes(DATA) || names.includes(TRUTH)) {
    throw new InputError(
      `${folder} already holds "${names.includes(DATA) ? DATA : TRUTH}", and it is not of a sample. Choose another folder.`,
    );
  } else if (names.length > 0 && !force) {
    throw new InputError(
      `${folder} is not empty: it holds "${names[0]}". Choose a new folder, or write beside what is there with --force.`,
    );
  }
  const unfinished = join(folder, UNFINISHED);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  return unfinished;
}

/** Puts the finished sample in place of an earlier one. The truth comes last: a sample without it is not whole. */
export async function moveIn(folder: string, unfinished: string): Promise<void> {
  await moveIfThere(join(folder, DATA), join(unfinished, 'replaced'));
  await rename(join(unfinished, DATA), join(folder, DATA));
  await rename(join(unfinished, TRUTH), join(folder, TRUTH));
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

async function refuseForeignData(folder: string, own: ReadonlySet<string>): Promise<void> {
  const data = join(folder, DATA);
  const entries = await entriesBelow(data);
  const foreign = entries.find((path) => !own.has(path));
  if (foreign === undefined) return;
  throw new InputError(
    `${join(data, foreign)} is not a file of the sample that is there and would be lost. Move it elsewhere, or choose another folder.`,
  );
}

/** Relative paths with `/` of everything below a folder that is not a folder; none when there is no such folder. */
async function entriesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    return files.map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, '/'),
    );
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    if (errorCode(error) === 'ENOTDIR') {
      throw new InputError(`${folder} is a file. Name a folder that is empty or does not exist yet.`, error);
    }
    throw new InputError(`${folder} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, error);
  }
}
