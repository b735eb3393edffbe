import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { readWhole } from '../../../../src/container/location.ts';
import { webDataset } from '../../../../src/dataset/formats/webDataset.ts';
import { nameParts } from '../../../../src/dataset/formats/webDatasetSamples.ts';
import { tarOf } from '../../container/tarOf.ts';
import { placeWith } from '../place.ts';
import { type Found, faults, inWords, proposed, readFiles, readFormat } from './read.ts';

const PAIRING: z.input<typeof webDataset.schema> = {
  layout: 'webdataset',
  shards: '*.tar',
  items: { image: ['jpg', 'png'], text: ['txt'] },
  strength: 'strong',
};

/** Members in order; the content of each is its own name. */
function shard(...names: string[]): Buffer {
  return tarOf(names.map((name) => [name, name]));
}

async function read(...names: string[]): Promise<Found> {
  return await readFiles(webDataset, PAIRING, { 'a.tar': shard(...names) });
}

describe('the name of a member', () => {
  // Golden cases of webdataset's tariterators.py.
  it.each([
    ['dir.v2/a', 'skipped'],
    ['a..jpg', { key: 'a', extension: '.jpg' }],
    ['a.', { key: 'a', extension: '' }],
    ['img 1.2m.jpg', { key: 'img 1', extension: '2m.jpg' }],
    ['0001.jpg/0002.png', { key: '0001.jpg/0002', extension: 'png' }],
    ['.DS_Store', 'skipped'],
    ['dir/.DS_Store', 'skipped'],
    ['__meta__', 'skipped'],
    ['__meta__/x.txt', 'skipped'],
    ['readme', 'skipped'],
    ['./a.jpg', { key: './a', extension: 'jpg' }],
  ])('%s is split as the webdataset library splits it', (name, parts) => {
    expect(nameParts(name, 'up-to-first-dot')).toEqual(parts);
  });

  it('may end its key at the last dot instead', () => {
    expect(nameParts('d.2/v1.5_a.jpg', 'up-to-last-dot')).toEqual({ key: 'd.2/v1.5_a', extension: 'jpg' });
  });
});

describe('WebDataset shards', () => {
  it('make a pair of the members that follow each other with one key', async () => {
    const found = await read('a.jpg', 'a.txt', 'b.jpg', 'b.txt');
    expect(inWords(found)).toEqual(['a.tar#a.jpg — a.tar#a.txt: a.txt', 'a.tar#b.jpg — a.tar#b.txt: b.txt']);
    expect(found.items[0]).toMatchObject({ member: 'a.jpg', begin: 512, length: 5, modality: 'image' });
    expect(faults(found)).toEqual([]);
    expect(found.claims).toEqual(['a.tar']);
  });

  it('tell keys that come back: four half samples', async () => {
    const found = await read('a.jpg', 'b.jpg', 'a.txt', 'b.txt');
    expect(found.pairs).toEqual([]);
    expect(faults(found)).toEqual([
      'missing-counterpart a.tar#a',
      'missing-counterpart a.tar#b',
      'missing-counterpart a.tar#a',
      'missing-counterpart a.tar#b',
      'mixed-fields a.tar#a',
      'returning-key a.tar#a',
      'returning-key a.tar#b',
    ]);
    expect(found.problems.at(-1)?.['items']).toEqual(['a.tar#b.jpg', 'a.tar#b.txt']);
  });

  it.each([[['a.JPG', 'a.jpg', 'a.txt']], [['a.jpg', 'a.jpg', 'a.txt']]])(
    'tell members that stand twice: %s',
    async (names) => {
      const found = await read(...names);
      expect(faults(found)).toEqual(['ambiguous-pairing a.tar#a']);
      expect(found.pairs).toHaveLength(1);
    },
  );

  it.each([
    ['a leading ./', ['./a.jpg', 'a.txt']],
    ['folders', ['d1/a.jpg', 'd2/a.txt']],
    ['upper case', ['A.jpg', 'a.txt']],
  ])('keep keys apart that differ in %s', async (_, names) => {
    const found = await read(...names);
    expect(found.pairs).toEqual([]);
    expect(found.problems.filter(({ kind }) => kind === 'missing-counterpart')).toHaveLength(2);
  });

  it('tell dots in stems, which make one sample of many', async () => {
    const found = await read('v1.5_a.jpg', 'v1.5_a.txt', 'v1.6_b.jpg');
    expect(found.pairs).toEqual([]);
    expect(found.problems[0]).toMatchObject({ kind: 'ambiguous-pairing', where: 'a.tar#v1' });
    expect(String(found.problems[0]?.['sentence'])).toContain('up-to-last-dot');
    const other = await readFiles(
      webDataset,
      { ...PAIRING, stem: 'up-to-last-dot' },
      { 'a.tar': shard('v1.5_a.jpg', 'v1.5_a.txt') },
    );
    expect(other.pairs).toMatchObject([{ key: 'v1.5_a' }]);
  });

  it('keep fields with dots apart from those without', async () => {
    const found = await read('a.seg.png', 'a.jpg', 'a.txt');
    expect(found.pairs).toMatchObject([{ firstItem: 'a.tar#a.jpg' }]);
    expect(faults(found)).toEqual(['not-part-of-layout a.tar#a.seg.png']);
  });

  it('take no sample from members about the shard and from names without extension', async () => {
    const found = await read('__meta__', '__meta__/x.txt', 'a.jpg', 'readme', 'a.txt', 'd/.DS_Store');
    expect(found.pairs).toHaveLength(1);
    expect(faults(found)).toEqual(['not-part-of-layout a.tar#__meta__']);
    expect(String(found.problems[0]?.['sentence'])).toContain('none of the 4 members');
  });

  it('are read as far as a cut copy goes', async () => {
    const found = await readFiles(webDataset, PAIRING, {
      'a.tar': shard('a.jpg', 'a.txt', 'b.jpg').subarray(0, 5 * 512 + 2),
    });
    expect(found.pairs).toHaveLength(1);
    expect(found.problems).toMatchObject([{ kind: 'broken-archive', severity: 'error' }]);
  });

  it('without the end mark lose nothing and say so', async () => {
    const found = await readFiles(webDataset, PAIRING, { 'a.tar': shard('a.jpg', 'a.txt').subarray(0, 2048) });
    expect(found.pairs).toHaveLength(1);
    expect(found.problems).toMatchObject([{ kind: 'broken-archive', severity: 'information' }]);
  });

  it('never share a sample, and tell keys that stand in several', async () => {
    const found = await readFiles(webDataset, PAIRING, {
      'a.tar': shard('a.jpg', 'a.txt', 'b.jpg'),
      'b.tar': shard('b.txt', 'a.jpg', 'a.txt'),
    });
    expect(found.pairs.map(({ firstItem }) => firstItem)).toEqual(['a.tar#a.jpg', 'b.tar#a.jpg']);
    expect(faults(found).filter((fault) => fault.startsWith('returning'))).toEqual([
      'returning-key a.tar#a',
      'returning-key a.tar#b',
    ]);
  });

  it('give texts from a field of JSON, classes and splits', async () => {
    const json = { deep: { caption: 'A dog.' }, label: 3 };
    const archive = tarOf([
      ['1.png', 'p'],
      ['1.json', JSON.stringify(json)],
      ['1.cls', '7\n'],
      ['2.png', 'p'],
      ['2.json', '{"deep":{}}'],
      ['3.png', 'p'],
      ['3.json', 'no json'],
      ['4.png', 'p'],
      ['4.json', '{"deep":{"caption":"ä"}}'],
    ]);
    const pairing = {
      ...PAIRING,
      shards: '{split}/*.tar',
      items: { image: ['png'], text: ['txt', 'json:deep.caption'] },
      class: 'cls',
    };
    const found = await readFiles(webDataset, pairing, { 'train/0.tar': archive });
    expect(inWords(found)).toEqual([
      'train/0.tar#1.png — train/0.tar#1.json:deep.caption: A dog.',
      'train/0.tar#4.png — train/0.tar#4.json:deep.caption: ä',
    ]);
    expect(found.pairs[0]).toMatchObject({ class: '7', split: 'train', key: '1' });
    expect(faults(found)).toContain('missing-text train/0.tar#2.json:deep.caption');
    expect(faults(found)).toContain('bad-row train/0.tar#3.json:deep.caption');
  });

  it('may be gzipped: items lie in what they inflate to', async () => {
    const root = await placeWith({ 'a.tar.gz': gzipSync(shard('a.jpg', 'a.txt')) });
    const found = await readFormat(webDataset, { ...PAIRING, shards: '*.tar.gz' }, root);
    expect(inWords(found)).toEqual(['a.tar.gz#a.jpg — a.tar.gz#a.txt: a.txt']);
    const bytes = await readWhole({ path: `${root}/a.tar.gz`, begin: 512, length: 5 }, 100);
    expect(bytes.toString()).toBe('a.jpg');
  });

  it('may hold texts that are gzipped one by one, and names those that cannot be inflated', async () => {
    const archive = tarOf([
      ['1.png', 'x'],
      ['1.txt.gz', gzipSync('A dog. 雁')],
      ['2.png', 'x'],
      ['2.txt.gz', 'no gzip'],
      ['3.png', 'x'],
      ['3.txt.gz', gzipSync(Buffer.alloc(17 * 1024 * 1024, 'x'))],
      ['4.png', 'x'],
      ['4.json.gz', gzipSync('{"caption": "A cat."}')],
    ]);
    const items = { image: ['png'], text: ['txt.gz', 'json.gz:caption'] };
    const found = await readFiles(webDataset, { ...PAIRING, items, shards: 'a.tar' }, { 'a.tar': archive });
    expect(inWords(found)).toEqual([
      'a.tar#1.png — a.tar#1.txt.gz: A dog. 雁',
      'a.tar#4.png — a.tar#4.json.gz:caption: A cat.',
    ]);
    const unread = found.problems.filter(({ kind }) => kind === 'unreadable-media');
    expect(unread.map(({ sentence }) => sentence)).toEqual([
      'a.tar, 2.txt.gz cannot be inflated: compress it again.',
      'a.tar, 3.txt.gz inflates to more than 16 MiB: split it.',
    ]);
  });

  it('may be named by a range, and those that are missing are told', async () => {
    const files = { 's/002.tar': shard('a.jpg', 'a.txt'), 's/004.tar': shard('b.jpg', 'b.txt') };
    const found = await readFiles(webDataset, { ...PAIRING, shards: 's/{000..004}.tar' }, files);
    expect(found.pairs).toHaveLength(2);
    expect(found.problems).toMatchObject([{ kind: 'missing-file', where: 's/000.tar' }]);
    await expect(readFiles(webDataset, { ...PAIRING, shards: 't/{0..9}.tar' }, files)).rejects.toThrow(/No file/);
  });

  it('lose no member: each is an item or named', async () => {
    const name = fc.stringMatching(/^[ab./_]{1,4}\.?(jpg|txt|JPG|json|)$/);
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 8 }), async (names) => {
        const found = await read(...names);
        const unused = found.problems.filter(({ kind }) => kind === 'not-part-of-layout');
        const members = unused.map(({ sentence }) => Number(/none of the (\d+)/.exec(String(sentence))?.[1]));
        const repeated = found.problems.filter(({ sentence }) => /stands in the sample/.test(String(sentence)));
        const folders = names.filter((member) => member.endsWith('/')).length;
        const total = found.items.length + members.reduce((sum, count) => sum + count, 0) + repeated.length + folders;
        expect(total).toBe(names.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('recognising WebDataset shards', () => {
  it('takes fields, splits and classes from the first shard', async () => {
    const archive = shard('a.jpg', 'a.txt', 'a.cls', 'b.jpg', 'b.txt', 'b.cls');
    const files = { 'd/train-0.tar': archive, 'd/train-1.tar': archive, 'd/val-0.tar': archive };
    expect(await proposed(webDataset, files)).toEqual([
      {
        layout: 'webdataset',
        shards: 'd/{split}-*.tar',
        items: { image: ['jpg'], text: ['txt'] },
        class: 'cls',
        stem: 'up-to-first-dot',
        strength: 'strong',
      },
    ]);
  });

  it('takes shards of several extensions by a pattern for each', async () => {
    const archive = shard('a.jpg', 'a.txt');
    const [found] = await proposed(webDataset, { 'a.tar': archive, 'b.tar.gz': gzipSync(archive), 'notes.txt': 'x' });
    expect(found).toMatchObject({ shards: ['*.tar', '*.tar.gz'] });
  });

  it('finds captions in JSON and stems with dots', async () => {
    const members = ['1.5', '2.7', '3.1'].flatMap((stem): [string, string][] => [
      [`v${stem}.jpg`, 'x'],
      [`v${stem}.json`, '{"url":"u","caption":"A dog."}'],
    ]);
    expect(await proposed(webDataset, { 'one.tar': tarOf(members) })).toEqual([
      {
        layout: 'webdataset',
        shards: 'one.tar',
        items: { image: ['jpg'], text: ['json:caption'] },
        stem: 'up-to-last-dot',
        strength: 'strong',
      },
    ]);
  });

  it('finds texts that are gzipped one by one, but no pictures that are', async () => {
    const texts = tarOf([
      ['1.png', 'x'],
      ['1.txt.gz', gzipSync('A dog.')],
    ]);
    expect(await proposed(webDataset, { 'a.tar': texts })).toMatchObject([
      { items: { image: ['png'], text: ['txt.gz'] }, stem: 'up-to-first-dot' },
    ]);
    expect(await proposed(webDataset, { 'a.tar': shard('1.png.gz', '1.txt') })).toEqual([]);
  });

  it('offers nothing for archives of one modality', async () => {
    expect(await proposed(webDataset, { 'a.tar': shard('a.jpg', 'b.jpg') })).toEqual([]);
  });
});
