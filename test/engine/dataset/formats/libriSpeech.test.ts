import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/base/errors.ts';
import { libriSpeech } from '../../../../src/dataset/formats/libriSpeech.ts';
import type { Files } from '../place.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

const CHAPTER = 'LibriSpeech/dev-clean/1272/128104';
const TRANSCRIPT = `${CHAPTER}/1272-128104.trans.txt`;

function read(files: Files) {
  return readFiles(libriSpeech, { layout: 'librispeech' }, files);
}

describe('LibriSpeech', () => {
  it('pairs each line of a transcript with the sound of its id', async () => {
    const found = await read({
      'LibriSpeech/SPEAKERS.TXT': '; about',
      [TRANSCRIPT]: '1272-128104-0000 MISTER QUILTER IS THE APOSTLE\n1272-128104-0001 NOR IS MISTER QUILTER\n',
      [`${CHAPTER}/1272-128104-0000.flac`]: 'x',
      [`${CHAPTER}/1272-128104-0001.wav`]: 'x',
      'LibriSpeech/test-other/1688/142285/1688-142285.trans.txt': '1688-142285-0000 THERE IS IRON\n',
      'LibriSpeech/test-other/1688/142285/1688-142285-0000.flac': 'x',
    });
    expect(inWords(found)).toEqual([
      `${CHAPTER}/1272-128104-0000.flac — ${TRANSCRIPT}#1: MISTER QUILTER IS THE APOSTLE`,
      `${CHAPTER}/1272-128104-0001.wav — ${TRANSCRIPT}#2: NOR IS MISTER QUILTER`,
      'LibriSpeech/test-other/1688/142285/1688-142285-0000.flac — LibriSpeech/test-other/1688/142285/1688-142285.trans.txt#1: THERE IS IRON',
    ]);
    expect(found.pairs.map(({ key, split }) => [key, split])).toEqual([
      ['1272-128104-0000', 'dev-clean'],
      ['1272-128104-0001', 'dev-clean'],
      ['1688-142285-0000', 'test-other'],
    ]);
    expect(found.items[0]).toMatchObject({ source: '1272' });
    expect(found.problems).toEqual([]);
    expect(found.claims).toContain('LibriSpeech/SPEAKERS.TXT');
  });

  it('has no split where the root is the subset itself', async () => {
    const found = await read({ '1272/128104/1272-128104.trans.txt': '1272-128104-0000 A\n' });
    expect(found.pairs).toMatchObject([{ firstItem: '1272/128104/1272-128104-0000.flac' }]);
    expect(found.pairs[0]).not.toHaveProperty('split');
  });

  it('names lines without text or id and ids that lead outside', async () => {
    const found = await read({ [TRANSCRIPT]: '1272-128104-0000\n TEXT\n../../../../../x TEXT\n' });
    expect(faults(found)).toEqual([
      `missing-text ${TRANSCRIPT}#1`,
      `bad-row ${TRANSCRIPT}#2`,
      `outside-root ${TRANSCRIPT}#3`,
    ]);
  });

  it('refuses a folder without transcripts', async () => {
    await expect(read({ 'a.flac': 'x', 'a.txt': 'x' })).rejects.toThrow(InputError);
  });

  it('turns every line of any text into a pair or a problem', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const found = await read({ [TRANSCRIPT]: text });
        const lines = text.replace(/^\uFEFF/, '').split('\n');
        expect(found.pairs.length + found.problems.length).toBe(lines.filter((line) => line.trim() !== '').length);
      }),
      { numRuns: 40 },
    );
  });
});

describe('recognising LibriSpeech', () => {
  it('needs a transcript that is named after its folders', async () => {
    expect(await proposed(libriSpeech, { [TRANSCRIPT]: '' })).toEqual([{ layout: 'librispeech' }]);
    expect(await proposed(libriSpeech, { 'a/b/c-d.trans.txt': '' })).toEqual([]);
  });
});
