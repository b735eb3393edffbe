import { loadDataset } from '../dataset/config.ts';
import { currentSnapshotId, Snapshot } from '../dataset/snapshot.ts';
import { Turns } from './turns.ts';

interface Shelved {
  readonly snapshot: Snapshot;
  /** The dataset file as it was when the snapshot was opened. */
  readonly settings: string;
  readers: number;
  replaced: boolean;
}

/**
 * Keeps the newest snapshot of each dataset open. When indexing has written a newer one, requests under way finish on
 * the one they opened; it is closed after the last of them.
 */
export class SnapshotShelf {
  readonly #shelved = new Map<string, Shelved>();
  readonly #turns = new Turns();

  /** Throws an InputError when the dataset file cannot be used or has not been indexed. */
  async read<R>(path: string, work: (snapshot: Snapshot) => Promise<R>): Promise<R> {
    const shelved = await this.#turns.take(path, async () => {
      const newest = await this.#newest(path);
      newest.readers += 1;
      return newest;
    });
    try {
      return await work(shelved.snapshot);
    } finally {
      shelved.readers -= 1;
      if (shelved.replaced && shelved.readers === 0) shelved.snapshot.close();
    }
  }

  close(): void {
    for (const path of [...this.#shelved.keys()]) this.#remove(path);
  }

  async #newest(path: string): Promise<Shelved> {
    const dataset = await loadDataset(path);
    const settings = JSON.stringify([dataset.root, dataset.config]);
    const held = this.#shelved.get(path);
    if (held?.settings === settings && held.snapshot.summary.id === (await currentSnapshotId(dataset))) return held;
    const opened = { snapshot: await Snapshot.open(dataset), settings, readers: 0, replaced: false };
    this.#remove(path);
    this.#shelved.set(path, opened);
    return opened;
  }

  #remove(path: string): void {
    const held = this.#shelved.get(path);
    if (held === undefined) return;
    this.#shelved.delete(path);
    held.replaced = true;
    if (held.readers === 0) held.snapshot.close();
  }
}
