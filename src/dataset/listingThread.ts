import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { toSentence } from '../base/errors.ts';
import type { PackedRows } from '../base/packedRows.ts';
import { type Listing, lookAt, NamePacker } from './listingBatch.ts';
import { realRootOf, walkFolder } from './walk.ts';

/** A thread that looks at names which the walking one finds. */
export interface Helper {
  /** Where {@link Names} are sent to it, and at last `undefined`. */
  readonly port: MessagePort;
  /** How many batches it has yet to look at, in memory that both share. */
  readonly waiting: Int32Array<SharedArrayBuffer>;
}

/** What a thread of the listing is for: to walk the folders, or to be such a helper. */
export type ListingTask = { readonly root: string } & (
  | { readonly helpers: readonly Helper[] }
  | { readonly helper: Helper }
);

/** A batch of names in the order of the walk; those that are no plain files have a `kind`. */
interface Names {
  readonly number: number;
  readonly names: PackedRows;
}

/** What was found about a batch, by its number, or why the listing cannot go on. */
export type ListingMessage = Found | { readonly failed: string };

export interface Found extends Listing {
  readonly number: number;
}

const NAMES_PER_BATCH = 4096;
/** A helper that has one more batch than it is at never waits for the walk. */
const BATCHES_AHEAD = 2;

/**
 * Lists in a thread of its own, because the fast calls of the file system block. To find names costs little; to look at
 * each for its size and time costs much, so that helpers take a part of it.
 */
export function serveListing(): void {
  // Sent by our own code in this process, so it is not validated.
  const task: ListingTask = workerData;
  try {
    const realRoot = realRootOf(task.root);
    const tellAbout = ({ number, names }: Names): void => tell({ number, ...lookAt(task.root, realRoot, names) });
    if ('helper' in task) help(task.helper, tellAbout);
    else walk(task.root, task.helpers, tellAbout);
  } catch (error) {
    tell({ failed: toSentence(error) });
  }
}

function help({ port, waiting }: Helper, tellAbout: (names: Names) => void): void {
  port.on('message', (sent: Names | undefined) => {
    if (sent === undefined) return port.close();
    tellAbout(sent);
    Atomics.sub(waiting, 0, 1);
  });
}

/** Hands each batch to a helper that is not busy, and looks at it itself when all are. */
function walk(root: string, helpers: readonly Helper[], tellAbout: (names: Names) => void): void {
  const names = new NamePacker();
  let number = 0;
  const handOver = (): void => {
    const batch: Names = { number: number++, names: names.take() };
    const idle = helpers.find(({ waiting }) => Atomics.load(waiting, 0) < BATCHES_AHEAD);
    if (idle === undefined) {
      tellAbout(batch);
      return;
    }
    Atomics.add(idle.waiting, 0, 1);
    idle.port.postMessage(batch);
  };
  for (const name of walkFolder(root)) {
    names.add(name);
    if (names.count === NAMES_PER_BATCH) handOver();
  }
  handOver();
  for (const { port } of helpers) port.postMessage(undefined);
}

function tell(message: ListingMessage): void {
  parentPort?.postMessage(message);
}
