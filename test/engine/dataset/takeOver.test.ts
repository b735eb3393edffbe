import { appendFile, readdir, readFile, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Random } from '../../../src/base/random.ts';
import { query } from '../../../src/base/table.ts';
import { type Dataset, loadDataset } from '../../../src/dataset/config.ts';
import { decide } from '../../../src/dataset/decisions/decide.ts';
import { type IndexOptions, indexDataset } from '../../../src/dataset/indexer.ts';
import { snapshotFolder } from '../../../src/dataset/snapshotFiles.ts';
import { addFiles, copyOf, type Files, picture, placeWith } from './place.ts';

const BY_STEM = `name: test
pairing:
  layout: stem
  items: { image: "{split}/{class}/{stem}", text: "{split}/{class}/{stem}" }
  strength: strong
`;
const BY_CLASS = `name: test
pairing:
  layout: class-folders
  items: { image: "{split}/{class}/{stem}", text: "{split}/{class}/{stem}" }
`;

const STEMS = ['train', 'test'].flatMap((split) =>
  ['cat', 'dog'].flatMap((name) => [1, 2, 3, 4].map((file) => `${split}/${name}/${file}`)),
);

/** Pictures with captions in splits and classes; two pictures are the same, one is no picture, one has no caption. */
async function files(dataset: string): Promise<Files> {
  const found: Record<string, string | Uint8Array> = { 'pairlab.yaml': dataset, 'README.md': 'hello' };
  for (const [number, stem] of STEMS.entries()) {
    found[`${stem}.png`] = await picture(number, 20 + number);
    found[`${stem}.txt`] = `the caption of picture ${number}`;
  }
  found['test/dog/4.png'] = found['train/cat/1.png'] ?? '';
  found['test/dog/3.png'] = 'not a picture';
  found['train/dog/9.png'] = await picture(99);
  found['notes.xyz'] = 'not of the layout';
  return found;
}

/** Everything that a snapshot says. */
async function contentOf(dataset: Dataset, { created: _, ...summary }: { id: string; created: string }) {
  const tables: unknown[] = [];
  for (const table of ['items', 'pairs', 'problems']) {
    const path = join(snapshotFolder(dataset, summary.id), `${table}.parquet`);
    tables.push(await query('SELECT * FROM read_parquet($path)', { path }, z.unknown()));
  }
  return { summary, tables };
}

/** Indexes a folder that was indexed before, and a copy of it anew: what is said must be the same. Gives the stages. */
async function indexTwice(folder: string, options: IndexOptions): Promise<Set<string>> {
  const stages = new Set<string>();
  const dataset = await loadDataset(folder);
  const again = await indexDataset(dataset, options, { progress: ({ stage }) => stages.add(stage) });
  const copy = await copyOf(folder);
  await rm(join(copy, '.pairlab'), { recursive: true });
  const afresh = await loadDataset(copy);
  const anew = await indexDataset(afresh, options);
  expect(await contentOf(dataset, again.summary)).toEqual(await contentOf(afresh, anew.summary));
  expect(again.reread + again.reused).toBe(anew.reread);
  return stages;
}

/** A later time of change, so that a change is seen even when the clock of the disk is coarse. */
async function change(folder: string, path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(join(folder, path), content);
  await touch(folder, path);
}

let clock = Date.now() / 1000;
async function touch(folder: string, path: string): Promise<void> {
  clock += 10;
  await utimes(join(folder, path), clock, clock);
}

type Change = (folder: string, random: Random) => Promise<void>;

/** Of changes; names change in the last but two, so that decisions are taken over too. */
const ROUNDS = 3;

const pick = (random: Random, extension: string): string => `${STEMS[random.integer(STEMS.length)]}.${extension}`;

/** After these, what names tell is taken over. */
const OF_CONTENTS: Readonly<Record<string, Change>> = {
  'a picture changes': async (folder, random) =>
    change(folder, pick(random, 'png'), await picture(random.integer(250), 10 + random.integer(30))),
  'a caption changes': async (folder, random) =>
    change(folder, pick(random, 'txt'), `another caption ${random.integer(1000)}`),
  'a caption becomes a word for a missing text': async (folder, random) => change(folder, pick(random, 'txt'), 'null'),
  'a caption becomes empty': async (folder, random) => change(folder, pick(random, 'txt'), ''),
  'a file is touched': async (folder, random) => touch(folder, pick(random, 'png')),
  'a file that is no item changes': async (folder) => change(folder, 'README.md', `${Math.random()}`),
  'a picture becomes a copy': async (folder, random) =>
    change(folder, pick(random, 'png'), await readFile(join(folder, pick(random, 'png')))),
  'a caption becomes a copy': async (folder, random) => {
    const other = await readFile(join(folder, pick(random, 'txt'))).catch(() => 'of one that was removed');
    await change(folder, pick(random, 'txt'), other);
  },
  'a picture becomes damaged': async (folder, random) => {
    const path = pick(random, 'png');
    await change(folder, path, (await readFile(join(folder, path))).subarray(0, 20));
  },
  'a picture becomes another format': async (folder, random) =>
    change(folder, pick(random, 'png'), Buffer.from('GIF89a\x14\0\x14\0\0\0\0;', 'latin1')),
  'all pictures change': async (folder, random) => {
    for (const stem of STEMS) await change(folder, `${stem}.png`, await picture(random.integer(250), 24));
  },
};

/** After these, everything is done anew. */
const OF_NAMES: Readonly<Record<string, Change>> = {
  'a pair is added': async (folder, random) => {
    const stem = `train/cat/new ${random.integer(1e9)}`;
    await change(folder, `${stem}.png`, await picture(random.integer(250), 40));
    await change(folder, `${stem}.txt`, 'a new caption');
  },
  'a caption is removed': async (folder, random) => unlink(join(folder, pick(random, 'txt'))).catch(() => {}),
  'a decision is added': async (folder, random) => {
    const dataset = await loadDataset(folder);
    await decide(dataset, { decision: 'exclude' }, [{ item: pick(random, 'png') }]);
  },
  'the class of an item is decided': async (folder, random) =>
    void (await decide(await loadDataset(folder), { decision: 'class', value: 'cat' }, [
      { item: pick(random, 'png') },
    ])),
  'the dataset file changes': async (folder) => appendFile(join(folder, 'pairlab.yaml'), '  stem: up-to-first-dot\n'),
};

describe('an index after changes', () => {
  it.each(Object.entries(OF_CONTENTS))(
    'says what one made anew says, without pairing again, when %s',
    async (_, act) => {
      const folder = await placeWith(await files(BY_STEM));
      await indexDataset(await loadDataset(folder));
      await act(folder, Random.of(1));
      const stages = await indexTwice(folder, {});
      expect(stages).not.toContain('pairing');
    },
  );

  it.each(Object.entries(OF_NAMES))('says what one made anew says when %s', async (_, act) => {
    const folder = await placeWith(await files(BY_STEM));
    await indexDataset(await loadDataset(folder));
    await act(folder, Random.of(1));
    const stages = await indexTwice(folder, {});
    expect(stages).toContain('pairing');
  });

  it.each([
    ['by stem', BY_STEM, {}],
    ['by stem, decoded', BY_STEM, { decode: true }],
    ['by class', BY_CLASS, {}],
    ['by class, decoded', BY_CLASS, { decode: true }],
  ])(
    'says what one made anew says after any changes, several at once (%s)',
    async (_, layout, options) => {
      const random = Random.of(7);
      const folder = await placeWith(await files(layout));
      const contents = Object.values(OF_CONTENTS);
      const names = Object.entries(OF_NAMES).flatMap(([what, act]) => (what.includes('dataset file') ? [] : [act]));
      await indexDataset(await loadDataset(folder), options);
      for (let round = 0; round < ROUNDS; round++) {
        const among = round === ROUNDS - 3 ? names : contents;
        for (let act = 0; act < 4; act++) await random.pick(among)(folder, random);
        await indexTwice(folder, options);
      }
    },
    300_000,
  );

  it('keeps few parts of contents, however often files change', async () => {
    const folder = await placeWith(await files(BY_STEM));
    const dataset = await loadDataset(folder);
    await indexDataset(dataset);
    for (let round = 0; round < 12; round++) {
      await change(folder, 'train/cat/1.txt', `caption of round ${round}`);
      await change(folder, `train/cat/2.png`, await picture(round, 30 + round));
      expect((await indexDataset(dataset)).reread).toBe(2);
    }
    expect((await readdir(join(dataset.folder, 'contents-1'))).length).toBeLessThan(10);
    const stages = await indexTwice(folder, {});
    expect(stages).not.toContain('pairing');
    await addFiles(folder, { 'new.xyz': 'not of the layout' });
    expect((await indexDataset(dataset)).reread).toBe(0);
  });

  it.each(['items', 'pairs', 'problems'])('does without the %s of a snapshot that is damaged', async (table) => {
    const folder = await placeWith(await files(BY_STEM));
    const dataset = await loadDataset(folder);
    const { summary } = await indexDataset(dataset);
    await writeFile(join(snapshotFolder(dataset, summary.id), `${table}.parquet`), 'damaged');
    await change(folder, 'train/cat/1.txt', 'another caption');
    const stages = await indexTwice(folder, {});
    expect(stages).toContain('pairing');
  });

  it('reads again what a decision about a text stands in place of', async () => {
    const folder = await placeWith(await files(BY_STEM));
    const dataset = await loadDataset(folder);
    await decide(dataset, { decision: 'text', value: 'decided' }, [{ item: 'train/cat/1.txt' }]);
    await indexDataset(dataset);
    await change(folder, 'train/cat/1.txt', 'written');
    const stages = await indexTwice(folder, {});
    expect(stages).toContain('pairing');
  });

  it('hashes all of a large file that comes to look like another one', async () => {
    const large = Buffer.concat([Buffer.from('GIF89a\x14\0\x14\0\0\0\0', 'latin1'), Buffer.alloc(2 ** 21)]);
    const other = Buffer.from(large);
    other[2 ** 20] = 1;
    const folder = await placeWith({ ...(await files(BY_STEM)), 'train/cat/2.png': large });
    await indexDataset(await loadDataset(folder));
    await change(folder, 'train/cat/3.png', other);
    await indexTwice(folder, {});
  });

  it('knows what a killed run decoded', async () => {
    const folder = await placeWith(await files(BY_STEM));
    const dataset = await loadDataset(folder);
    await indexDataset(dataset);
    const stop = new AbortController();
    const progress = ({ stage }: { stage: string }): void => {
      if (stage === 'checking') stop.abort();
    };
    await expect(indexDataset(dataset, { decode: true }, { signal: stop.signal, progress })).rejects.toThrow();
    await change(folder, 'train/cat/1.txt', 'written');
    const { summary } = await indexDataset(dataset);
    const [items] = (await contentOf(dataset, summary)).tables;
    const decoded = z.array(z.object({ decodedHash: z.string().optional() })).parse(items);
    expect(decoded.filter(({ decodedHash }) => decodedHash !== undefined).length).toBeGreaterThan(20);
  });
});
