import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beside } from '../base/concurrency.ts';
import type { Database } from '../base/database.ts';
import { unfinishedPath } from '../base/files.ts';
import { copyToParquet } from '../base/table.ts';
import type { Dataset } from './config.ts';

/** A table with more rows is written when no other work needs the memory. */
const ROWS_BESIDE = 400_000;

/** A table of the next snapshot that is written while other work goes on, in a file aside that the snapshot then shares. */
export class TableAside {
  readonly #path: string;
  readonly #write: () => Promise<void>;
  #written: Promise<void> | undefined;

  /**
   * Begins to write what a query gives. The tables that it reads must stay as they are until it is {@link whole}.
   *
   * @param rows how many it gives, or about that
   */
  static begin(
    database: Database,
    dataset: Dataset,
    { select, rows }: { readonly select: string; readonly rows: number },
    signal: AbortSignal | undefined,
  ): TableAside {
    const path = unfinishedPath(join(dataset.folder, 'table.parquet'));
    const table = new TableAside(path, () =>
      database.beside((own) => copyToParquet(own, select, path, { signal, compression: 'snappy' })),
    );
    if (rows <= ROWS_BESIDE) table.#written = beside(table.#write());
    return table;
  }

  private constructor(path: string, write: () => Promise<void>) {
    this.#path = path;
    this.#write = write;
  }

  /** The file, when all is written. */
  async whole(): Promise<{ readonly file: string }> {
    this.#written ??= this.#write();
    await this.#written;
    return { file: this.#path };
  }

  /** Waits for the end of writing, and removes the file. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#written]);
    await rm(this.#path, { force: true });
  }
}
