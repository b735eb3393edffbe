import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { npyRows } from '../container/arraysOf.ts';
import { addFiles } from '../dataset/place.ts';
import { Indexed, manyPairs, pairlab, Running } from './pairlab.ts';

const Encoded = z.object({
  sets: z.array(
    z.object({
      modality: z.string(),
      encoder: z.string(),
      dimensions: z.number(),
      items: z.number(),
      space: z.string().optional(),
      notes: z.array(z.string()),
      unreadable: z.array(z.object({ item: z.string() })),
    }),
  ),
});

describe('pairlab encode --encoder', () => {
  it('imports arrays, says what matched, and names who has no vector', async () => {
    const folder = await manyPairs(3);
    await pairlab(Indexed, 'index', folder);
    const [array, ids] = [join(folder, 'clip.npy'), join(folder, 'ids.txt')];
    await addFiles(folder, {
      'clip.npy': npyRows([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      'ids.txt': '2\n0\nelse',
    });
    const args = ['encode', folder, '--encoder', array, '--ids', ids, '--space', 'clip'];

    const unclear = await new Running(...args).ended;
    expect(unclear).toMatchObject({ code: 2, stdout: '' });
    expect(unclear.stderr).toContain(`What should "${array}" encode? Say so with --modality audio or text.`);

    const { sets } = await pairlab(Encoded, ...args, '--modality', 'text');
    const found = '2 items found by key; 1 item without a vector, 1 vector without an item.';
    expect(sets).toEqual([
      {
        modality: 'text',
        encoder: 'clip',
        dimensions: 2,
        items: 2,
        space: 'clip',
        notes: [found],
        unreadable: [{ item: 'text/1.txt' }],
      },
    ]);

    const { code, stdout } = await new Running(...args, '--modality', 'text').ended;
    expect(code).toBe(1);
    expect(stdout).toContain(`• ${found}`);
    expect(stdout).toContain('1 without a vector:\ntext/1.txt: text/1.txt has no vector in');
  });
});
