import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nemo } from '../../../../src/dataset/formats/nemo.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

const FILE = 'data/train_manifest.json';
const line = (entry: object) => `${JSON.stringify(entry)}\n`;

function read(text: string) {
  const transcripts = [{ file: FILE, split: 'train', audio: 'data' }];
  return readFiles(nemo, { layout: 'nemo', transcripts }, { [FILE]: text });
}

describe('NeMo manifests', () => {
  it('makes an item of each segment of a sound, and of each sound that has none', async () => {
    const found = await read(
      line({ audio_filepath: 'a.wav', text: 'one', duration: 2.25, offset: 1.25, speaker: 7 }) +
        line({ audio_filepath: 'a.wav', text: 'two', duration: 2.2, offset: 1.1 }) +
        line({ audio_filepath: 'b.wav', text: 'three', duration: 3, lang: 'en' }) +
        line({ audio_filepath: 'b.wav', text: 'four', offset: 0 }),
    );
    expect(inWords(found)).toEqual([
      `data/a.wav#1.25-3.5 — ${FILE}#1: one`,
      `data/a.wav#1.1-3.3 — ${FILE}#2: two`,
      `data/b.wav — ${FILE}#3: three`,
      `data/b.wav#0- — ${FILE}#4: four`,
    ]);
    expect(found.items[0]).toMatchObject({ path: 'data/a.wav', start: 1.25, end: 3.5, source: '7', split: 'train' });
    expect(found.items[4]).not.toHaveProperty('start');
    expect(found.pairs.map(({ key }) => key)).toEqual(['a#1.25-3.5', 'a#1.1-3.3', 'b', 'b#0-']);
    expect(found.problems).toEqual([]);
  });

  it('names lines that are no JSON, lack something or lead outside', async () => {
    const found = await read(
      `{"audio_filepath": "a.wav", \n[1]\n${line({ text: 'a' })}${line({ audio_filepath: 'a.wav', text: ' ' })}` +
        line({ target_filepath: 7 }) +
        line({ audio_filepath: '/data/a.wav', text: 'a' }) +
        line({ audio_filepath: 'a.wav', text: 'a', offset: -1 }),
    );
    expect(faults(found)).toEqual(
      ['bad-row', 'bad-row', 'bad-row', 'missing-text', 'bad-row', 'outside-root', 'bad-row'].map(
        (kind, index) => `${kind} ${FILE}#${index + 1}`,
      ),
    );
  });

  it('names lines for audio restoration, whose sounds stay items', async () => {
    const found = await read(
      line({ input_filepath: 'noisy/1.wav', target_filepath: 'clean/1.wav', duration: 3.1 }) +
        line({ audio_filepath: 'noisy/2.wav', target_filepath: 'clean/2.wav' }) +
        line({ audio_filepath: 'noisy/3.wav', target_filepath: 'clean/3.wav', text: 'three' }),
    );
    expect(faults(found)).toEqual([`unsupported-format ${FILE}#1`, `unsupported-format ${FILE}#2`]);
    expect(found.problems[0]).toMatchObject({ items: ['data/noisy/1.wav', 'data/clean/1.wav'] });
    expect(found.items.map(({ id }) => id)).toEqual(expect.arrayContaining(['data/noisy/2.wav', 'data/clean/2.wav']));
    expect(inWords(found)).toEqual([`data/noisy/3.wav — ${FILE}#3: three`]);
  });

  it('turns every line of any JSON or text into a pair or a problem', async () => {
    const entry = fc.record(
      { audio_filepath: fc.string(), text: fc.string(), offset: fc.float(), duration: fc.float() },
      { requiredKeys: [] },
    );
    const any = fc.oneof(
      entry.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(any), async (values) => {
        const lines = values.map((value) => value.replaceAll('\n', ' ')).filter((value) => value.trim() !== '');
        const found = await read(lines.join('\n'));
        expect(found.pairs.length + found.problems.length).toBe(lines.length);
      }),
      { numRuns: 40 },
    );
  });
});

describe('recognising NeMo manifests', () => {
  it('finds the folder that the paths are relative to', async () => {
    const manifest = line({ audio_filepath: 'wavs/a.wav', text: 'one', duration: 1 });
    const pairings = await proposed(nemo, {
      'train_manifest.json': manifest,
      'val_manifest.jsonl': manifest,
      'other.json': '{"a": 1}',
      'data/wavs/a.wav': 'x',
    });
    expect(pairings).toEqual([
      {
        layout: 'nemo',
        transcripts: [
          { file: 'train_manifest.json', split: 'train', audio: 'data' },
          { file: 'val_manifest.jsonl', split: 'val', audio: 'data' },
        ],
      },
    ]);
  });

  it('offers nothing without the sounds', async () => {
    expect(await proposed(nemo, { 'm.json': line({ audio_filepath: 'a.wav', text: 'one' }), 'b.wav': 'x' })).toEqual(
      [],
    );
  });
});
