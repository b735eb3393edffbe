import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { placeFiles, type StemRule } from '../../../src/dataset/formats/pattern.ts';
import { Staging } from '../../../src/dataset/staging.ts';

const last = 'up-to-last-dot';

const Placed = z.object({
  path: z.string(),
  split: z.string().optional(),
  class: z.string().optional(),
  stem: z.string(),
  key: z.string(),
});

/** What a pattern for images makes of files, by path. */
async function placed(pattern: string, paths: readonly string[], rule: StemRule = last) {
  const staging = await Staging.create('/nowhere');
  try {
    for (const path of paths) staging.file({ path, bytes: 1, modified: 0 });
    await placeFiles(staging, { image: pattern }, rule, undefined);
    const rows = await staging.database.query('SELECT path, split, class, stem, key FROM placed', {}, Placed);
    return new Map(rows.map(({ path, ...others }) => [path, others]));
  } finally {
    await staging.close();
  }
}

describe('a path pattern', () => {
  it.each([
    ['images/{stem}', 'images/a.png', { stem: 'a', key: 'a' }],
    ['images/{stem}', 'images/x/1.jpg', { stem: 'x/1', key: 'x/1' }],
    ['images/{class}/{stem}', 'images/dog/1.jpg', { class: 'dog', stem: '1', key: 'dog/1' }],
    [
      '{split}/images/{class}/{stem}',
      'train/images/dog/1.png',
      { split: 'train', class: 'dog', stem: '1', key: 'train/dog/1' },
    ],
    ['{stem}_image', 'a/001_image.png', { stem: 'a/001', key: 'a/001' }],
    ['{class}_{stem}', '0_jackson_5.png', { class: '0', stem: 'jackson_5', key: '0/jackson_5' }],
    ['a (1) [x]/{stem}', 'a (1) [x]/b.png', { stem: 'b', key: 'b' }],
    ['{stem}', 'line\nbreak "quoted".png', { stem: 'line\nbreak "quoted"', key: 'line\nbreak "quoted"' }],
  ])('%s reads %j', async (pattern, path, expected) => {
    expect((await placed(pattern, [path])).get(path)).toEqual(expected);
  });

  it.each([
    ['images/{stem}', 'audio/a.png'],
    ['images/{class}/{stem}', 'images/a.png'],
    ['{stem}_image', 'image.png'],
  ])('%s does not cover %s', async (pattern, path) => {
    expect((await placed(pattern, [path])).size).toBe(0);
  });

  it('ends a stem at the last or at the first dot of the name, never at a dot of a folder', async () => {
    const path = 'dir.v2/v1.5_a.png';
    expect((await placed('{stem}', [path])).get(path)?.stem).toBe('dir.v2/v1.5_a');
    expect((await placed('{stem}', [path], 'up-to-first-dot')).get(path)?.stem).toBe('dir.v2/v1');
  });

  it('compares names in Unicode NFC', async () => {
    const found = await placed('\u00e9/{stem}', ['\u00e9/\u00e9.png', 'e\u0301/e\u0301.png']);
    expect(new Set([...found.values()].map(({ stem }) => stem))).toEqual(new Set(['\u00e9']));
  });

  it('reads back what stands for its placeholders, whatever the names', async () => {
    const name = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !text.includes('/') && !text.includes('\0'))
      .map((text) => text.normalize('NFC'));
    const names = fc.uniqueArray(fc.tuple(name, name), { maxLength: 30, selector: (both) => both.join('/') });
    await fc.assert(
      fc.asyncProperty(names, async (folders) => {
        const found = await placed(
          'images/{class}/{stem}',
          folders.map(([concept, stem]) => `images/${concept}/${stem}.png`),
        );
        for (const [concept, stem] of folders) {
          expect(found.get(`images/${concept}/${stem}.png`)).toMatchObject({ class: concept, stem });
        }
      }),
      { numRuns: 20 },
    );
  });
});
