import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ljSpeech } from '../../../../src/dataset/formats/ljSpeech.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

const LINES = [
  'LJ001-0001|Printing, in the only sense|Printing, in the only sense',
  'LJ001-0007|the "Gutenberg" of about 1455,|the "Gutenberg" of about fourteen fifty-five,',
  'LJ001-0008|"has never been surpassed.|"has never been surpassed.',
].join('\n');

function read(text: string, column: 'raw' | 'normalised' = 'normalised', sounds: Record<string, string> = {}) {
  const pairing = { layout: 'ljspeech' as const, file: 'metadata.csv', audio: 'wavs', text: column };
  return readFiles(ljSpeech, pairing, { 'metadata.csv': text, ...sounds });
}

describe('LJSpeech', () => {
  it('takes the first line for a row and quotation marks for letters', async () => {
    const found = await read(LINES);
    expect(inWords(found)).toEqual([
      'wavs/LJ001-0001.wav — metadata.csv#1: Printing, in the only sense',
      'wavs/LJ001-0007.wav — metadata.csv#2: the "Gutenberg" of about fourteen fifty-five,',
      'wavs/LJ001-0008.wav — metadata.csv#3: "has never been surpassed.',
    ]);
    expect(found.pairs[0]).toMatchObject({ key: 'LJ001-0001' });
    expect(found.problems).toEqual([]);
  });

  it('gives the text as it is written when asked to', async () => {
    const found = await read(`${LINES}\nLJ001-0009|only two parts\n`, 'raw', { 'wavs/LJ001-0009.flac': 'x' });
    expect(inWords(found).slice(1)).toEqual([
      'wavs/LJ001-0007.wav — metadata.csv#2: the "Gutenberg" of about 1455,',
      'wavs/LJ001-0008.wav — metadata.csv#3: "has never been surpassed.',
      'wavs/LJ001-0009.flac — metadata.csv#4: only two parts',
    ]);
  });

  it('names lines that have too few or too many parts, no text, or a path that leads outside', async () => {
    const found = await read('a|b\na|b|c|d\n|b|c\na|b|\n../../x|b|c\n');
    expect(faults(found)).toEqual([
      'bad-row metadata.csv#1',
      'bad-row metadata.csv#2',
      'bad-row metadata.csv#3',
      'missing-text metadata.csv#4',
      'outside-root metadata.csv#5',
    ]);
  });

  it('turns every line of any text into a pair or a problem', async () => {
    const part = fc.string({ unit: fc.constantFrom('a', '"', '|', ' ', '\t', '.', '/', 'é') });
    await fc.assert(
      fc.asyncProperty(fc.array(part), async (lines) => {
        const found = await read(lines.join('\n'));
        expect(found.pairs.length + found.problems.length).toBe(lines.filter((line) => line.trim() !== '').length);
      }),
      { numRuns: 40 },
    );
  });
});

describe('recognising LJSpeech', () => {
  it('finds the sounds, and which text there is', async () => {
    const files = {
      'LJSpeech-1.1/metadata.csv': LINES,
      'LJSpeech-1.1/wavs/LJ001-0007.wav': 'x',
      'metadata.txt': 'LJ001-0007|b',
    };
    expect(await proposed(ljSpeech, files)).toEqual([
      { layout: 'ljspeech', file: 'LJSpeech-1.1/metadata.csv', audio: 'LJSpeech-1.1/wavs', text: 'normalised' },
      { layout: 'ljspeech', file: 'metadata.txt', audio: 'LJSpeech-1.1/wavs', text: 'raw' },
    ]);
  });

  it('offers nothing for a table of another kind', async () => {
    expect(await proposed(ljSpeech, { 'metadata.csv': 'file_name,text\na.wav,A\n', 'a.wav': 'x' })).toEqual([]);
  });
});
