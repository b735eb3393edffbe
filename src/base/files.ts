import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type * as z from 'zod';
import { EnvironmentError, errorCode, explainFileError, InputError } from './errors.ts';

/** Nothing is written for so long: what another machine left by then is nobody's. */
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const UNFINISHED = /\.([0-9A-Za-z-]+)\.(\d+)\.[0-9a-f]{8}\.tmp$/;

/** The part of this machine's name that stands in names of files; jobs on several machines may share a folder. */
const HOST =
  hostname()
    .replace(/[^0-9A-Za-z]+/g, '-')
    .slice(0, 40) || 'host';

/** Writes beside the target, flushes and renames: a reader sees the old file or the new one, never half of one. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const aside = unfinishedPath(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(aside, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw explainFileError(error, path);
  }
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Reads and validates a JSON file of our own; `undefined` when it does not exist. */
export async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S> | undefined> {
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EnvironmentError(`${path} is damaged: it is not JSON. Delete it and run the command again.`, error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(
    `${path} was written by another version of PairLab or is damaged. Delete it and run the command again.`,
    parsed.error,
  );
}

/** The text of a UTF-8 file, or `undefined` when there is none. A pipe or a device, which may have no end, is refused. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    const found = await kindOf(path);
    if (found === undefined) return undefined;
    if (found.isFile()) return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new InputError(`${path} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, error);
  }
  throw new InputError(`${path} cannot be read: it is no file.`);
}

/** The names in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await kindOf(path)) !== undefined;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await kindOf(path))?.isDirectory() === true;
}

async function kindOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Where to write what will be renamed to `path`; the name tells by which process of which machine. */
export function unfinishedPath(path: string): string {
  return `${path}.${HOST}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

export function isUnfinished(name: string): boolean {
  return UNFINISHED.test(name);
}

/** Removes from a folder what processes that are gone were writing. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    if (await isAbandoned(path)) await rm(path, { recursive: true, force: true });
  }
}

/** True for what a process was writing that is gone. */
export async function isAbandoned(path: string): Promise<boolean> {
  const [, host, pid] = UNFINISHED.exec(path) ?? [];
  if (host === undefined) return false;
  return host === HOST ? !isRunning(Number(pid)) : await isOld(path);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > WEEK_MS;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
