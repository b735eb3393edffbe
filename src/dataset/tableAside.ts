import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beside } from '../base/concurrency.ts';
import type { Database } from '../base/database.ts';
import { unfinishedPath } from '../base/files.ts';
import { copyToParquet } from '../base/table.ts';
import type { Dataset } from './config.ts';

/** A table of the next snapshot that is written while other work goes on, in a file aside that the snapshot then shares. */
export class TableAside {
  readonly #path: string;
  readonly #written: Promise<void>;

  /** Begins to write what a query gives. The tables that it reads must stay as they are until it is {@link whole}. */
  constructor(database: Database, dataset: Dataset, select: string, signal: AbortSignal | undefined) {
    this.#path = unfinishedPath(join(dataset.folder, 'table.parquet'));
    this.#written = beside(
      database.beside((own) => copyToParquet(own, select, this.#path, { signal, compression: 'snappy' })),
    );
  }

  /** The file, when all is written. */
  async whole(): Promise<{ readonly file: string }> {
    await this.#written;
    return { file: this.#path };
  }

  /** Waits for the end of writing, and removes the file. */
  async close(): Promise<void> {
    await this.#written.catch(() => {});
    await rm(this.#path, { force: true });
  }
}
