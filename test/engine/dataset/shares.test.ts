import { expect, test } from 'vitest';
import { Database } from '../../../src/base/database.ts';
import { shareByShare } from '../../../src/dataset/shares.ts';

async function countsOf(items: number): Promise<number[]> {
  const database = await Database.open();
  try {
    await database.run(
      `CREATE TABLE items AS SELECT 'c' || range % 7 || '/' || range || '.png' AS path FROM range(${items})`,
    );
    const counts: number[] = [];
    await shareByShare(database, async (isOfShare) => {
      counts.push(await database.countRows(`items WHERE ${isOfShare('path')}`));
    });
    return counts;
  } finally {
    database.close();
  }
}

test('every item is in one share, and shares are about as large', async () => {
  const counts = await countsOf(600_000);
  expect(counts).toHaveLength(3);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(600_000);
  for (const count of counts) expect(Math.abs(count - 200_000)).toBeLessThan(5000);
});

test('few items are one share, and so are none', async () => {
  expect(await countsOf(1000)).toEqual([1000]);
  expect(await countsOf(0)).toEqual([0]);
});
