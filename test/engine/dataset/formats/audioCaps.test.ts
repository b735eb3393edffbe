import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioCaps } from '../../../../src/dataset/formats/audioCaps.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

const HEADER = 'audiocap_id,youtube_id,start_time,caption\n';

function read(table: string, audio = 'audio/{youtube_id}', sounds: readonly string[] = []) {
  return readFiles(
    audioCaps,
    { layout: 'audiocaps', captions: [{ file: 'val.csv', split: 'val', audio }] },
    { 'val.csv': table, ...Object.fromEntries(sounds.map((path) => [path, 'x'])) },
  );
}

describe('AudioCaps', () => {
  it('pairs several captions with one clip and keeps its video as source', async () => {
    const table = `${HEADER}97151,vfY_TJq7n_U,130,Rustling occurs\n97152,vfY_TJq7n_U,130,"Ducks quack, a man laughs"\n`;
    const found = await read(table, 'audio/{youtube_id}', ['audio/vfY_TJq7n_U.flac']);
    expect(inWords(found)).toEqual([
      'audio/vfY_TJq7n_U.flac — val.csv#1: Rustling occurs',
      'audio/vfY_TJq7n_U.flac — val.csv#2: Ducks quack, a man laughs',
    ]);
    expect(found.pairs.map(({ key, split }) => [key, split])).toEqual([
      ['97151', 'val'],
      ['97152', 'val'],
    ]);
    expect(found.items[0]).toMatchObject({ source: 'vfY_TJq7n_U' });
    expect(found.problems).toEqual([]);
  });

  it.each([
    ['audio/{youtube_id}_{start_time}', 'audio/-0-a_30.wav'],
    ['audio/Y{youtube_id}', 'audio/Y-0-a.mp3'],
    ['audio/{audiocap_id}', 'audio/1.ogg'],
  ])('finds clips that are named %s', async (pattern, path) => {
    const found = await read(`${HEADER}1,-0-a,30,A dog barks\n`, pattern, [path]);
    expect(inWords(found)).toEqual([`${path} — val.csv#1: A dog barks`]);
  });

  it('still names a clip that was not downloaded', async () => {
    expect(inWords(await read(`${HEADER}1,abc,30,A dog barks\n`))).toEqual(['audio/abc.wav — val.csv#1: A dog barks']);
  });

  it('names rows without id or caption and those that lead outside', async () => {
    const found = await read(`${HEADER}1,,30,A\n2,abc,30,\n3,../../../x,30,A\n4,abc\n`);
    expect(faults(found)).toEqual([
      'bad-row val.csv#1',
      'missing-text val.csv#2',
      'outside-root val.csv#3',
      'bad-row val.csv#4',
    ]);
    expect(found.pairs).toEqual([]);
  });

  it('turns every row into a pair or a problem', async () => {
    const cell = fc.string().map((text) => `"${text.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1 }), async (rows) => {
        const found = await read(HEADER + rows.map((row) => row.join(',')).join('\n'));
        expect(found.pairs.length + found.problems.length).toBe(rows.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('recognising AudioCaps', () => {
  it('finds out how the downloader named the clips, for each table', async () => {
    const pairings = await proposed(audioCaps, {
      'train.csv': `${HEADER}1,abc,30,A dog\n2,lost,40,A cat\n`,
      'test.csv': `${HEADER}3,def,0,A cow\n`,
      'dataset2.0/train.csv': `${HEADER}9,abc,30,A wolf\n`,
      'dataset2.0/val.csv': `${HEADER}9,gone,30,A wolf\n`,
      'other.csv': 'name,caption\na,b\n',
      'audio/abc_30.wav': 'x',
      'audio/def_0.wav': 'x',
    });
    const audio = 'audio/{youtube_id}_{start_time}';
    expect(pairings).toEqual([
      { layout: 'audiocaps', captions: [{ file: 'dataset2.0/train.csv', split: 'train', audio }] },
      {
        layout: 'audiocaps',
        captions: [
          { file: 'test.csv', split: 'test', audio },
          { file: 'train.csv', split: 'train', audio },
        ],
      },
    ]);
  });

  it('offers nothing without clips', async () => {
    expect(await proposed(audioCaps, { 'train.csv': `${HEADER}1,abc,30,A dog\n`, 'audio/other.wav': 'x' })).toEqual([]);
  });
});
