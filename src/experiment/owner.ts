import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { EnvironmentError, errorCode, explainFileError, InputError } from '../base/errors.ts';
import { readTextIfThere } from '../base/files.ts';
import { isAlive, ProcessIdentity, thisProcess } from './processes.ts';

const ATTEMPTS = 10;
const PAUSE_MS = 100;

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
    // A sign that cannot be read is being written at this moment, or its writer died at it.
    if (holder !== undefined || attempt > ATTEMPTS / 2) await moveAway(path, holder);
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
 * Removes a dead process's sign. It is moved aside first and looked at again: between reading and moving, another
 * process may have done the same and put its own there, which then goes back.
 */
async function moveAway(path: string, dead: Owner | undefined): Promise<void> {
  const aside = `${path}.${randomBytes(4).toString('hex')}.dead`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readOwner(aside);
  if (moved === undefined || moved.token === dead?.token) await rm(aside, { force: true });
  else await rename(aside, path);
}

async function release(path: string, owner: Owner): Promise<void> {
  const holder = await readOwner(path);
  if (holder?.token === owner.token) await rm(path, { force: true });
}
