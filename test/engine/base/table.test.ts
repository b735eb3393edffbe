import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CancelledError, EnvironmentError } from '../../../src/base/errors.ts';
import { query, writeParquet } from '../../../src/base/table.ts';

const COLUMNS = {
  name: 'text',
  row: 'integer',
  bytes: 'count',
  share: 'number',
  good: 'boolean',
  items: 'texts',
} as const;
const Row = z.object({
  name: z.string(),
  row: z.number().optional(),
  bytes: z.number(),
  share: z.number(),
  good: z.boolean(),
  items: z.array(z.string()),
});

describe('a Parquet table', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "table's [x] *? "));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives back every kind of cell, below a folder of any name', async () => {
    const path = join(folder, 'it\'s "a" [table] *.parquet');
    const rows = [
      { name: "'; DROP TABLE rows; --", row: 7, bytes: 2 ** 40, share: 0.1, good: true, items: ['a\n', 'é 😀', ''] },
      { name: '', bytes: 0, share: -1, good: false, items: [] },
    ];
    expect(await writeParquet(path, COLUMNS, rows)).toBe(2);
    expect(await query('SELECT * FROM read_parquet($path)', { path }, Row)).toEqual(rows);
  });

  it('holds more rows than a chunk, in their order, from a stream', async () => {
    const path = join(folder, 'many.parquet');
    await writeParquet(
      path,
      { row: 'integer' },
      (async function* () {
        for (let row = 0; row < 5000; row++) yield { row };
      })(),
    );
    const rows = await query('SELECT row FROM read_parquet($path)', { path }, z.object({ row: z.number() }));
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 5000 }, (_, row) => row));
  });

  it('is not there, nor half of it, when writing was stopped or failed', async () => {
    const path = join(folder, 'stopped.parquet');
    const stopped = writeParquet(path, { row: 'integer' }, [{ row: 1 }], AbortSignal.abort());
    await expect(stopped).rejects.toThrow(CancelledError);
    const failing = writeParquet(
      path,
      { row: 'integer' },
      (function* () {
        yield { row: 1 };
        throw new Error('no more rows');
      })(),
    );
    await expect(failing).rejects.toThrow('no more rows');
    expect(await readdir(folder)).toEqual([]);
  });

  it('that does not exist is an error with advice', async () => {
    const reading = query('SELECT * FROM read_parquet($path)', { path: join(folder, 'gone') }, Row);
    await expect(reading).rejects.toThrow(EnvironmentError);
    await expect(reading).rejects.toThrow(/Run `pairlab index` again/);
  });
});
