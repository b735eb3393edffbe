import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/dataset/config.ts';
import { initDataset, proposeDatasets } from '../../../src/dataset/propose.ts';
import { Layout, SampleSettings } from '../../../src/sample/options.ts';
import { writeSample } from '../../../src/sample/sample.ts';
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
