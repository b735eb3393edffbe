import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { loadDataset } from '../../../../src/dataset/config.ts';
import { decide } from '../../../../src/dataset/decisions/decide.ts';
import { type ExportOptions, exportDataset } from '../../../../src/dataset/exports/exportDataset.ts';
import { indexDataset } from '../../../../src/dataset/indexer.ts';
import { initDataset } from '../../../../src/dataset/propose.ts';
import { Snapshot } from '../../../../src/dataset/snapshot.ts';
import type { Decision, Target } from '../../../../src/protocol.ts';
import { npyRows } from '../../container/arraysOf.ts';
import { addFiles, indexed, picture, placeWith, sound } from '../place.ts';

const TRIPLES = `name: animals
root: data
pairing:
  layout: stem
  items:
    image: "{split}/images/{class}/{stem}"
    audio: "{split}/audio/{class}/{stem}"
    text: "{split}/captions/{class}/{stem}"
  strength: strong
`;

/** Reads a manifest that names media where they lie. */
const BESIDE = `name: cleaned
pairing:
  layout: table
  file: out/pairs.csv
  items: { image: { path: image }, audio: { path: audio }, text: { cell: text } }
  class: class
  split: split
  strength: strong
`;

const SEGMENTS = `name: cut
root: data
pairing: { layout: nemo, transcripts: [{ file: pairs.jsonl, audio: . }] }
`;

const INSTANCES = ['train/cat/a', 'train/dog/b', 'train/dog/c', 'test/cat/d'];

/** Pictures, sounds and captions of four instances, indexed after these decisions. */
async function animals(...decisions: [Decision, ...Target[]][]): Promise<{ folder: string; snapshot: Snapshot }> {
  const folder = await placeWith({ 'animals/pairlab.yaml': TRIPLES });
  for (const [index, name] of INSTANCES.entries()) {
    const [split, concept, stem] = name.split('/');
    await addFiles(join(folder, 'animals', 'data', split ?? ''), {
      [`images/${concept}/${stem}.png`]: await picture(index * 40, 40),
      [`audio/${concept}/${stem}.wav`]: sound({
        samples: Array.from({ length: 4000 }, (_, at) => ((at * (index + 3)) % 200) * 90),
      }),
      [`captions/${concept}/${stem}.txt`]: `a ${concept}, "seen" by ${stem} on its own\n`,
    });
  }
  const dataset = await loadDataset(join(folder, 'animals'));
  for (const [decision, ...targets] of decisions) await decide(dataset, decision, targets);
  await indexDataset(dataset);
  return { folder, snapshot: await Snapshot.open(dataset) };
}

async function exported(snapshot: Snapshot, folder: string, options: Omit<ExportOptions, 'output'>) {
  return await exportDataset(snapshot, { ...options, output: join(folder, 'out') });
}

/** "image-text train cat" for each usable pair of a folder that `pairlab init` and `pairlab index` read. */
async function pairsOf(folder: string): Promise<string[]> {
  await initDataset(folder);
  return await indexedPairs(folder);
}

async function indexedPairs(folder: string): Promise<string[]> {
  const dataset = await loadDataset(folder);
  await indexDataset(dataset);
  const snapshot = await Snapshot.open(dataset);
  const pairs: string[] = [];
  for (const modalities of snapshot.summary.pairs) {
    for (const { first, second, split, class: concept } of await snapshot.pairs(modalities)) {
      pairs.push([`${first.modality}-${second.modality}`, split, concept].join(' '));
    }
  }
  return pairs.sort();
}

const ALL_PAIRS = ['test cat', 'train cat', 'train dog', 'train dog'];
const between = (modalities: string) => ALL_PAIRS.map((labels) => `${modalities} ${labels}`);

describe('an export', () => {
  it('has one row for three items that are all paired, and two for a pair that stands alone', async () => {
    const { folder, snapshot } = await animals([{ decision: 'exclude' }, { pair: 'train/cat/a:audio-text' }]);
    const { rows, leftOut } = await exported(snapshot, folder, { to: 'jsonl' });
    expect(leftOut).toEqual([{ reason: 'excluded by a decision', count: 1 }]);
    expect(rows).toBe(5);
    const lines = (await readFile(join(folder, 'out/pairs.jsonl'), 'utf8')).trimEnd().split('\n');
    const first = '../animals/data/train';
    expect(lines.map((line) => JSON.parse(line)).filter(({ key }) => key === 'train/cat/a')).toEqual([
      {
        key: 'train/cat/a',
        image: `${first}/images/cat/a.png`,
        audio: `${first}/audio/cat/a.wav`,
        class: 'cat',
        split: 'train',
        strength: 'strong',
      },
      {
        key: 'train/cat/a',
        image: `${first}/images/cat/a.png`,
        text: 'a cat, "seen" by a on its own\n',
        class: 'cat',
        split: 'train',
        strength: 'strong',
      },
    ]);
  });

  it('has the decisions applied: classes, texts, weak marks', async () => {
    const { folder, snapshot } = await animals(
      [{ decision: 'class', value: 'wolf' }, { pair: 'train/dog/b:image-text' }, { pair: 'train/dog/b:image-audio' }],
      [{ decision: 'text', value: 'mended' }, { item: 'train/captions/dog/b.txt' }],
      [{ decision: 'weak' }, { item: 'test/audio/cat/d.wav' }],
    );
    await exported(snapshot, folder, { to: 'csv' });
    const lines = (await readFile(join(folder, 'out/pairs.csv'), 'utf8')).split('\n');
    expect(lines[0]).toBe('key,image,audio,text,class,split,strength');
    expect(lines.filter((line) => line.includes('mended,wolf,train,strong'))).toHaveLength(1);
    expect(lines.filter((line) => line.endsWith('test,weak'))).toHaveLength(2);
  });

  it('of some splits says how many pairs are in others', async () => {
    const { folder, snapshot } = await animals();
    const { rows, leftOut } = await exported(snapshot, folder, { to: 'jsonl', splits: ['test'] });
    expect(rows).toBe(1);
    expect(leftOut).toEqual([{ reason: 'not in the chosen splits', count: 9 }]);
    await expect(exported(snapshot, folder, { to: 'jsonl', splits: ['tset'] })).rejects.toThrow(/no split "tset"/);
  });

  it('never overwrites what is not an export, and an export only when it is told to', async () => {
    const { folder, snapshot } = await animals();
    await addFiles(join(folder, 'out'), { 'mine.txt': 'precious' });
    await expect(exported(snapshot, folder, { to: 'csv', force: true })).rejects.toThrow(/holds no earlier export/);
    await exportDataset(snapshot, { to: 'webdataset', output: join(folder, 'other') });
    await addFiles(join(folder, 'other'), { 'mine.txt': 'precious' });
    await expect(exportDataset(snapshot, { to: 'csv', output: join(folder, 'other') })).rejects.toThrow(/--force/);
    await exportDataset(snapshot, { to: 'csv', output: join(folder, 'other'), force: true });
    expect(await readFile(join(folder, 'other/mine.txt'), 'utf8')).toBe('precious');
    await expect(stat(join(folder, 'other/train-000000.tar'))).rejects.toThrow(/ENOENT/);
  });

  it('is refused inside the dataset, where the next indexing would find it', async () => {
    const { folder, snapshot } = await animals();
    for (const output of ['animals/data/out', 'animals/data', 'animals']) {
      await expect(exportDataset(snapshot, { to: 'csv', output: join(folder, output) })).rejects.toThrow(/Choose/);
    }
  });

  it('that is cancelled leaves nothing behind', async () => {
    const { folder, snapshot } = await animals();
    const stop = new AbortController();
    const job = { signal: stop.signal, progress: () => stop.abort() };
    const output = join(folder, 'out');
    await expect(exportDataset(snapshot, { to: 'webdataset', output }, job)).rejects.toThrow(/Stopped/);
    await expect(stat(output)).rejects.toThrow(/ENOENT/);
  });
});

describe('what `pairlab init` and `pairlab index` find in an export', () => {
  const everything = [...between('image-audio'), ...between('image-text'), ...between('audio-text')].sort();

  for (const to of ['csv', 'jsonl', 'parquet']) {
    it(`to ${to} with its media is the pairs that were exported`, async () => {
      const { folder, snapshot } = await animals();
      const { rows } = await exported(snapshot, folder, { to, media: 'copy' });
      expect(rows).toBe(4);
      expect(await pairsOf(join(folder, 'out'))).toEqual(everything);
    });
  }

  it('for Hugging Face is the pairs of pictures and texts', async () => {
    const { folder, snapshot } = await animals();
    await exported(snapshot, folder, { to: 'hugging-face' });
    expect(await pairsOf(join(folder, 'out'))).toEqual(expect.arrayContaining(between('image-text')));
  });

  it('to WebDataset is the pairs that were exported', async () => {
    const { folder, snapshot } = await animals();
    await exported(snapshot, folder, { to: 'webdataset' });
    const found = await pairsOf(join(folder, 'out'));
    const withoutClass = (pair: string): string => pair.split(' ').slice(0, 2).join(' ');
    expect(found.map(withoutClass)).toEqual(everything.map(withoutClass));
  });

  it('without media is the same from the folder that both lie in', async () => {
    const { folder, snapshot } = await animals();
    await exported(snapshot, folder, { to: 'csv' });
    await addFiles(folder, { 'pairlab.yaml': BESIDE });
    expect(await indexedPairs(folder)).toEqual(everything);
  });
});

const Line = z.object({ file_name: z.string(), text: z.string(), audio: z.string(), class: z.string() });

describe('an export for Hugging Face', () => {
  it('has a folder a split with its media beside the metadata, and names the splits', async () => {
    const { folder, snapshot } = await animals();
    await exported(snapshot, folder, { to: 'hugging-face', media: 'link' });
    const out = join(folder, 'out');
    const lines = (await readFile(join(out, 'train/metadata.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    const { file_name, audio } = Line.parse(JSON.parse(lines[0] ?? ''));
    expect(file_name).toBe('train/images/cat/a.png');
    expect(await readFile(join(out, 'train', file_name))).toEqual(await picture(0, 40));
    expect((await stat(join(out, 'train', audio))).nlink).toBe(2);
    expect(await readFile(join(out, 'README.md'), 'utf8')).toContain('- split: "test"\n        path: "test/**"');
  });
});

describe('an export of a dataset without splits', () => {
  const yaml = `name: plain
root: data
pairing: { layout: stem, items: { image: "{stem}", text: "{stem}" }, strength: strong }
`;

  it.each([
    ['csv', 'pairs.csv'],
    ['jsonl', 'pairs.jsonl'],
    ['parquet', 'pairs.parquet'],
    ['webdataset', '000000.tar'],
    ['hugging-face', 'train/metadata.jsonl'],
    ['croissant', 'pairs.parquet'],
  ])('to %s lies in its folder, and nothing beside it', async (to, file) => {
    const folder = await placeWith({
      'plain/pairlab.yaml': yaml,
      'plain/data/a.txt': 'one',
      'plain/data/b.txt': 'two',
    });
    for (const [index, name] of ['a', 'b'].entries()) {
      await addFiles(join(folder, 'plain/data'), { [`${name}.png`]: await picture(index * 40, 40) });
    }
    const { snapshot } = await indexed(join(folder, 'plain'));
    const { rows, files } = await exported(snapshot, folder, { to, media: to === 'webdataset' ? 'copy' : 'link' });
    expect(rows).toBe(2);
    expect(files).toContain(file.split('/')[0]);
    expect((await stat(join(folder, 'out', file))).size).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual(['out', 'plain']);
    expect(await pairsOf(join(folder, 'out'))).toHaveLength(2);
  });
});

describe('an export that can hold no pair', () => {
  it('is refused with the reason, and writes nothing', async () => {
    const folder = await placeWith({
      'cut/pairlab.yaml': SEGMENTS,
      'cut/data/pairs.jsonl': JSON.stringify({ audio_filepath: 'a.wav', offset: 0, duration: 0.1, text: 'hello' }),
      'cut/data/a.wav': sound(),
    });
    const { snapshot } = await indexed(join(folder, 'cut'));
    await expect(exported(snapshot, folder, { to: 'webdataset' })).rejects.toThrow(
      'cut has no pair that could be exported to webdataset. Left out: 1 (its sound is a segment of a longer one).',
    );
    expect(await readdir(folder)).toEqual(['cut']);
  });

  it('says that vectors are none that could be exported', async () => {
    const rows = [
      [1, 2],
      [3, 4],
    ];
    const folder = await placeWith({
      'arrays/image.npy': npyRows(rows),
      'arrays/text.npy': npyRows(rows),
    });
    await initDataset(join(folder, 'arrays'));
    const { snapshot } = await indexed(join(folder, 'arrays'));
    await expect(exported(snapshot, folder, { to: 'csv' })).rejects.toThrow(
      'Left out: 2 (one of the two items is a vector, which no export can hold).',
    );
  });
});

describe('an export to WebDataset', () => {
  it('has the media byte for byte, texts, classes, and the same bytes each time', async () => {
    const { folder, snapshot } = await animals();
    await exported(snapshot, folder, { to: 'webdataset' });
    const shard = await readFile(join(folder, 'out/train-000000.tar'));
    const members = await unpacked(shard);
    expect([...members.keys()].slice(0, 5)).toEqual(
      ['png', 'wav', 'txt', 'cls', 'json'].map((extension) => `000000000.${extension}`),
    );
    expect(members.get('000000000.png')).toEqual(await picture(0, 40));
    expect(members.get('000000001.txt')?.toString()).toBe('a dog, "seen" by b on its own\n');
    expect(members.get('000000001.cls')?.toString()).toBe('1');
    expect(JSON.parse(members.get('000000001.json')?.toString() ?? '')).toEqual({
      key: 'train/dog/b',
      class: 'dog',
      split: 'train',
      strength: 'strong',
    });
    await exportDataset(snapshot, { to: 'webdataset', output: join(folder, 'again') });
    expect(await readFile(join(folder, 'again/train-000000.tar'))).toEqual(shard);
  });

  it('begins a new shard before one grows too large', async () => {
    const { folder, snapshot } = await animals();
    const settings = { shardBytes: 15_000, about: {} };
    const { files } = await exported(snapshot, folder, { to: 'webdataset', settings });
    expect(files).toEqual(['test-000000.tar', 'train-000000.tar', 'train-000001.tar', 'train-000002.tar']);
    for (const file of files) expect((await stat(join(folder, 'out', file))).size).toBeLessThanOrEqual(15_000);
  });
});

async function unpacked(shard: Buffer): Promise<Map<string, Buffer>> {
  const members = new Map<string, Buffer>();
  const archive = extract();
  archive.end(shard);
  for await (const entry of archive) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) if (Buffer.isBuffer(piece)) pieces.push(piece);
    members.set(entry.header.name, Buffer.concat(pieces));
  }
  return members;
}
