import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/dataset/config.ts';
import { initDataset, proposeDatasets } from '../../../src/dataset/propose.ts';
import { Layout, SampleSettings } from '../../../src/sample/options.ts';
import { writeSample } from '../../../src/sample/sample.ts';
import { floats, npyOf, npyRows, safetensorsOf } from '../container/arraysOf.ts';
import { tarOf } from '../container/tarOf.ts';
import { zipOf } from '../container/zipOf.ts';
import { type Files, indexed, picture, placeWith, sound } from './place.ts';

describe('proposing a dataset file', () => {
  it.each(Layout.options)('finds how a sample in the layout %s pairs', async (layout) => {
    const folder = await placeWith({});
    const classes = 4;
    await writeSample(folder, { ...SampleSettings.parse({}), classes, pairsPerClass: 6, layout, force: true });
    const proposal = await initDataset(folder);
    expect(proposal).toMatchObject({
      layout: { stem: 'stem', 'class-folders': 'class-folders', csv: 'table', jsonl: 'table' }[layout],
      modalities: ['image', 'audio', 'text'],
      matchRate: 1,
      unmatched: 0,
    });
    expect(proposal.classes).toHaveLength(classes);
    expect(proposal.splits).toEqual(['train', 'validation', 'test']);
    expect(proposal.examples).toHaveLength(10);
    const { snapshot, dataset } = await indexed(folder);
    expect(dataset.config.root).toBe('data');
    expect(snapshot.summary.items).toEqual({ image: 24, audio: 24, text: 24 });
    expect(snapshot.summary.unpaired).toBe(0);
  });

  it.each([
    ['names with a suffix', '{stem}_image', ['a_image.png', 'b_image.png', 'a_sound.wav', 'b_sound.wav']],
    ['mirrored folders', 'images/{stem}', ['images/a.png', 'images/b.png', 'audio/a.wav', 'audio/b.wav']],
    ['one folder', '{stem}', ['a.png', 'b.png', 'a.wav', 'b.wav']],
  ])('finds %s', async (_name, image, paths) => {
    const folder = await placeWith(Object.fromEntries(paths.map((path) => [path, 'x'])));
    expect((await initDataset(folder)).matchRate).toBe(1);
    expect((await loadDataset(folder)).config.pairing).toMatchObject({ layout: 'stem', items: { image } });
  });

  it('ends stems at the first dot where only that pairs', async () => {
    const folder = await placeWith({
      'a.rgb.png': await picture(1),
      'a.mono.wav': sound(),
      'b.rgb.png': await picture(2),
      'b.stereo.wav': sound(),
    });
    expect((await proposeDatasets(folder))[0]?.yaml).toContain('stem: up-to-first-dot');
  });

  it('prefers the table that tells most, and says what else it could be', async () => {
    const rows = ['a', 'b', 'c', 'd'].map((name, index) => ({ name, class: index % 2 === 0 ? 'x' : 'y' }));
    const files: Record<string, string | Uint8Array> = {
      'bare.csv': `file,words\n${rows.map(({ name }) => `${name}.png,the words of ${name}`).join('\n')}\n`,
      'pairs.csv': `id,file,caption,label\n${rows.map((row) => `${row.name},${row.name}.png,about ${row.name},${row.class}`).join('\n')}\n`,
    };
    for (const [index, { name }] of rows.entries()) files[`images/${name}.png`] = await picture(index);
    const folder = await placeWith(files);
    const { alternatives } = await initDataset(folder);
    expect(alternatives.map(({ description }) => description)).toEqual(['table bare.csv: image ↔ text']);
    expect((await loadDataset(folder)).config.pairing).toEqual({
      layout: 'table',
      file: 'pairs.csv',
      items: { image: { path: 'file', folder: 'images' }, text: { cell: 'caption' } },
      id: 'id',
      class: 'label',
      strength: 'strong',
    });
  });

  it('takes rows whose files share only the folder of their class for weak pairs, and says why', async () => {
    const files: Record<string, string | Uint8Array> = {
      'pairs.csv':
        'image,audio,class\ni/x/1.png,a/x/7.wav,x\ni/x/2.png,a/x/8.wav,x\ni/y/3.png,a/y/9.wav,y\ni/y/4.png,a/y/6.wav,y\n',
    };
    for (const path of ['i/x/1', 'i/x/2', 'i/y/3', 'i/y/4']) files[`${path}.png`] = await picture(path.charCodeAt(4));
    for (const path of ['a/x/7', 'a/x/8', 'a/y/9', 'a/y/6']) files[`${path}.wav`] = sound();
    const [{ yaml } = { yaml: '' }] = await proposeDatasets(await placeWith(files));
    expect(yaml).toMatch(
      /# weak: the files of a row share the folder of their class but no name\.[^\n]*\n(.*#.*\n)? *strength: weak/,
    );
  });
});

describe('a folder without pairs', () => {
  it.each<[string, Files, RegExp]>([
    ['empty', {}, /is empty: put pictures, sounds or texts into it\.$/],
    ['without media', { 'a.pdf': 'x', 'b.pdf': 'y' }, /holds no picture, sound or text, only other files: 2 \.pdf\.$/],
    [
      'of one modality',
      { 'a.wav': sound(), 'b.wav': sound() },
      /holds audio only \(2 files\), but a pair links two modalities/,
    ],
    [
      'of unrelated names',
      { 'a.wav': sound(), 'b.txt': 'x' },
      /holds 0 image, 1 audio, 1 text files, but no two files pair/,
    ],
  ])('%s is refused with what is there and what to do', async (_name, files, sentence) => {
    await expect(proposeDatasets(await placeWith(files))).rejects.toThrow(sentence);
  });

  it('that is not there is named', async () => {
    const file = await placeWith({ 'a.txt': 'x' });
    await expect(proposeDatasets('/no/such/folder')).rejects.toThrow(/^There is no folder \/no\/such\/folder\./);
    await expect(proposeDatasets(join(file, 'a.txt'))).rejects.toThrow(/a\.txt is no folder\./);
  });
});

const ROWS = [
  [1, 2],
  [3, 4],
];
const cube = npyOf('<f4', [1, 2, 2], floats(ROWS));
const shard = tarOf([
  ['a.png', 'x'],
  ['a.txt', 'x'],
]);

describe('what looks like a layout but is none', () => {
  it.each<[string, Files, RegExp]>([
    [
      'a table with two columns of one name',
      { 'p.csv': 'image,text,text\na,b,c\n' },
      /two columns named "text"\. Rename/,
    ],
    ['a table with columns without a name', { 'p.csv': 'image,,text,\na,b,c,d\n' }, /several columns without a name/],
    ['a table whose lines end in CR', { 'p.csv': 'image,text\ra.png,b\r' }, /p\.csv end in CR alone\. Save it with LF/],
    ['a table without rows', { 'p.csv': 'image,text\n' }, /The table p\.csv has no row that can be read\.$/],
    [
      'a table of files that lie elsewhere',
      { 'p.csv': 'image,text\n../a.png,a dog that runs\n/b.png,a cat that sits\n' },
      /The column "image" of the table p\.csv names files that do not lie below the root, such as \.\.\/a\.png\.$/,
    ],
    [
      'a table of numbers',
      { 'p.csv': 'x,y\n1,2\n3,4\n' },
      /The table p\.csv \("x" and "y"\) has no two columns that hold paths of files or texts\.$/,
    ],
    [
      'arrays of objects',
      { 'image.npy': npyOf('|O', [2, 2], Buffer.alloc(8)) },
      /image\.npy holds an array \(2 × 2 of \|O\) that is no matrix/,
    ],
    ['arrays of three dimensions', { 'e.npz': zipOf({ 'image.npy': cube }) }, /\(image: 1 × 2 × 2 of <f4\) that is no/],
    [
      'arrays without a modality',
      { 'a.npy': npyRows(ROWS) },
      /The name of the array a\.npy does not tell what it is of/,
    ],
    [
      'arrays of different counts',
      { 'image.npy': npyRows(ROWS), 'text.npy': npyRows(ROWS.slice(1)) },
      /image\.npy has 2 rows and text\.npy 1: which rows pair is unknown, so none was paired\./,
    ],
    [
      'a damaged file of tensors',
      {
        'e.safetensors': safetensorsOf(
          { image: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] } },
          Buffer.alloc(3),
        ),
      },
      /e\.safetensors is damaged: the tensor image ends behind the end of the file\./,
    ],
    ['a damaged shard', { 'a.tar': 'no tar'.repeat(200) }, /only other files: 1 \.tar\. a\.tar is damaged at byte 0: /],
    [
      'a shard of pictures only',
      { 'a.tar': tarOf([['a.png', 'x']]) },
      /The members of a\.tar \(\.png\) are not of two modalities\.$/,
    ],
    [
      'a dataset of Lance',
      { 'x/_versions/1.manifest': '', 'x/data/0.lance': '' },
      /x is a dataset of Lance, a format that is not read: save it as Parquet\.$/,
    ],
  ])('is refused with the reason: %s', async (_name, files, sentence) => {
    await expect(proposeDatasets(await placeWith(files))).rejects.toThrow(sentence);
  });

  it('is told three times at most', async () => {
    const files = Array.from({ length: 5 }, (_, index) => [`${index}.csv`, 'x,y\n1,2\n']);
    await expect(proposeDatasets(await placeWith(Object.fromEntries(files)))).rejects.toThrow(
      /0\.csv .* 2\.csv [^.]*\. There are 2 more reasons of this kind\.$/,
    );
  });

  it('does not hide what lies beside: shards after a damaged one', async () => {
    const folder = await placeWith({ 'a.tar': 'no tar'.repeat(200), 'b.tar': shard });
    expect((await proposeDatasets(folder))[0]).toMatchObject({ layout: 'webdataset', matched: 2 });
  });
});

describe('writing the dataset file', () => {
  it('never overwrites one unless told to', async () => {
    const folder = await placeWith({ 'pairlab.yaml': 'mine', 'a.wav': sound(), 'a.txt': 'x' });
    await expect(initDataset(folder)).rejects.toThrow(
      /pairlab\.yaml is there already\. Use --force to overwrite it\.$/,
    );
    expect(await readFile(join(folder, 'pairlab.yaml'), 'utf8')).toBe('mine');
    await initDataset(folder, { force: true });
    expect((await loadDataset(folder)).config.pairing.layout).toBe('stem');
  });
});
