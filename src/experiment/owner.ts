import { randomBytes } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { EnvironmentError, errorCode, explainFileError, InputError } from '../base/errors.ts';
import { readTextIfThere } from '../base/files.ts';
import { isAlive, ProcessIdentity, thisProcess } from './processes.ts';

const ATTEMPTS = 60;
const PAUSE_MS = 50;
const HALF_WRITTEN_MS = 1000;

/** Who holds a run folder or a queue: one process at a time. */
export const Owner = ProcessIdentity.extend({
  /** Tells two claims of one process apart. */
  token: z.string(),
});
export type Owner = z.infer<typeof Owner>;

export interface Claim {
  readonly owner: Owner;
  release(): Promise<void>;
}

/**
 * Takes the file at `path` as a sign that this process holds `what` ("The run x"). A dead process's sign is taken over.
 *
 * @throws InputError when another live process holds it; the sentence names the process.
 */
export async function claim(path: string, what: string): Promise<Claim> {
  const owner: Owner = { ...(await thisProcess()), token: randomBytes(8).toString('hex') };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(path, owner)) return { owner, release: () => release(path, owner) };
    const holder = await readOwner(path);
    if (holder !== undefined) await refuseUnlessDead(holder, what);
    if (holder !== undefined || (await isOld(path))) await removeAbandoned(path, holder);
    else await setTimeout(PAUSE_MS);
  }
  throw new EnvironmentError(`${what} is being taken by several processes at once. Run the command again.`);
}

/** The process that last claimed the file, alive or dead; `undefined` when there is none or it is half written. */
export async function readOwner(path: string): Promise<Owner | undefined> {
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return Owner.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function refuseUnlessDead(holder: Owner, what: string): Promise<void> {
  const alive = await isAlive(holder);
  if (alive === false) return;
  const where = alive === undefined ? `process ${holder.pid} on ${holder.host}` : `process ${holder.pid}`;
  throw new InputError(`${what} is already running (${where}). Wait for it to end, or stop it with \`pairlab stop\`.`);
}

/** True when the file is ours now, false when there is one already. */
async function create(path: string, owner: Owner): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(JSON.stringify(owner));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw explainFileError(error, path);
  }
}

/**
 * Removes the sign of a dead process, or one that nobody can read. Only the holder of a second file may do so, after
 * another look: without it, one of two who saw the same dead process would remove the fresh sign of the other.
 */
async function removeAbandoned(path: string, abandoned: Owner | undefined): Promise<void> {
  const guard = `${path}.takeover`;
  try {
    await (await open(guard, 'wx')).close();
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw explainFileError(error, guard);
    if (await isOld(guard)) await rm(guard, { force: true });
    return await setTimeout(PAUSE_MS);
  }
  try {
    const now = await readOwner(path);
    const same = now === undefined ? await isOld(path) : now.token === abandoned?.token;
    if (same) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** Written so long ago that its writer, which takes milliseconds, must have died at it. */
async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > HALF_WRITTEN_MS;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function release(path: string, owner: Owner): Promise<void> {
  const holder = await readOwner(path);
  if (holder?.token === owner.token) await rm(path, { force: true });
}
