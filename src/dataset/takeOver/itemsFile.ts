import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../base/database.ts';
import { unfinishedPath } from '../../base/files.ts';
import { copyToParquet } from '../../base/table.ts';
import type { Dataset } from '../config.ts';
import { digestItems, type ItemDigests, replaceItems } from '../digests.ts';
import type { KnownIndex } from '../indexState.ts';
import { tableFile } from '../snapshotFiles.ts';

const ITEMS = 'FROM (FROM known_items ANTI JOIN was USING (id) UNION ALL BY NAME FROM now) ORDER BY id, modality';

/** The items of a snapshot with `now` in place of `was`: a file that is written while other work goes on. */
export class ItemsFile {
  readonly digests: ItemDigests;
  readonly #path: string;
  readonly #written: Promise<void>;
  readonly #aside: string;

  static async start(
    database: Database,
    dataset: Dataset,
    known: KnownIndex,
    signal: AbortSignal | undefined,
  ): Promise<ItemsFile> {
    const [was, now] = [await digestItems(database, 'was', signal), await digestItems(database, 'now', signal)];
    const digests = replaceItems(known.digests.items, was, now);
    const aside = unfinishedPath(join(dataset.folder, 'items.parquet'));
    if (was.shown === now.shown) {
      return new ItemsFile(digests, tableFile(dataset, known.snapshot, 'items'), Promise.resolve(), aside);
    }
    const write = (own: Database): Promise<void> => copyToParquet(own, ITEMS, aside, { signal, compression: 'snappy' });
    return new ItemsFile(digests, aside, database.beside(write), aside);
  }

  private constructor(digests: ItemDigests, path: string, written: Promise<void>, aside: string) {
    this.digests = digests;
    this.#path = path;
    this.#written = written;
    this.#aside = aside;
    // Its failure is thrown where it is awaited.
    written.catch(() => {});
  }

  /** The file, when it is whole. */
  async path(): Promise<string> {
    await this.#written;
    return this.#path;
  }

  /** Removes what was written. */
  async close(): Promise<void> {
    await this.#written.catch(() => {});
    await rm(this.#aside, { force: true });
  }
}
