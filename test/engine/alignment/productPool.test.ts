import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { rankAcrossBothWays } from '../../../src/alignment/products/acrossPass.ts';
import { ProductPool, type Products, withProducts } from '../../../src/alignment/products/pool.ts';
import { asUnits, type Rows, shared } from '../../../src/alignment/products/rows.ts';
import { compareRows } from '../../../src/alignment/products/withinPass.ts';
import { EnvironmentError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { inThisThread } from '../../unit/alignment/inThisThread.ts';
import { countThreads } from '../threads.ts';

function gaussian(rows: number, columns: number, seed: number): Rows {
  const random = Random.of(seed, 'gaussian');
  const data = Float32Array.from({ length: rows * columns }, () => random.normal());
  return { matrix: shared({ rows, columns, data }) };
}

it('gives the same in threads as in one, to the last bit', async () => {
  const [a, b] = [gaussian(1300, 24, 1), gaussian(1200, 24, 2)];
  const all = Uint32Array.from(Array(1200).keys());
  const measure = async (products: Products) => {
    const [queries, candidates] = [asUnits(a), asUnits(b)];
    const ranked = await rankAcrossBothWays(
      products,
      { queries, candidates, links: { queries: all, candidates: all } },
      3,
    );
    return { ranked, within: await compareRows(products, { rows: queries, nearest: 10, closeness: true }) };
  };
  expect(await withProducts(measure)).toEqual(await measure(inThisThread));
});

it('stops when asked in the midst of its work, tells how far it is, and leaves no thread behind', async () => {
  const threads = countThreads();
  const rows = gaussian(30_000, 256, 3);
  const stop = new AbortController();
  const steps: number[] = [];
  const progress = ({ done, total = 0 }: { done: number; total?: number }) => {
    steps.push(done / total);
    if (done > 0) stop.abort();
  };
  const work = compareRows(new ProductPool(2), { rows, nearest: 10 }, { progress, signal: stop.signal });
  await expect(work).rejects.toThrow('Stopped as asked');
  expect(steps.at(-1)).toBeGreaterThan(0);
  expect(steps.at(-1)).toBeLessThan(1);
  expect(threads.made).toBe(2);
  await vi.waitFor(() => expect(threads.ended).toBe(2), 60_000);
});

it('works on after a stop, with new threads', async () => {
  const pool = new ProductPool(2);
  try {
    const rows = gaussian(20, 4, 4);
    await expect(compareRows(pool, { rows, nearest: 1 }, { signal: AbortSignal.abort() })).rejects.toThrow('Stopped');
    expect((await compareRows(pool, { rows, nearest: 1 })).nearest.indices).toHaveLength(20);
  } finally {
    await pool.close();
  }
});

it('says so when a thread dies', async () => {
  const script = join(await mkdtemp(join(tmpdir(), 'pairlab-')), 'dies.js');
  await writeFile(script, "require('node:worker_threads').parentPort.once('message', () => process.exit(3));");
  const work = compareRows(new ProductPool(2, script), { rows: gaussian(20, 4, 5), nearest: 1 });
  await expect(work).rejects.toThrow(EnvironmentError);
  await expect(work).rejects.toThrow('A thread that computes the alignment stopped');
});
