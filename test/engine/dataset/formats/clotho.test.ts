import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/base/errors.ts';
import { clotho } from '../../../../src/dataset/formats/clotho.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

const HEADER = 'file_name,caption_1,caption_2,caption_3,caption_4,caption_5\n';
const FILE = 'clotho_captions_development.csv';

function read(table: string, others: Record<string, string> = {}, metadata?: string) {
  const captions = [{ file: FILE, split: 'development', audio: 'development', ...(metadata && { metadata }) }];
  return readFiles(clotho, { layout: 'clotho', captions }, { [FILE]: table, ...others });
}

describe('Clotho', () => {
  it('makes five pairs of a row', async () => {
    const found = await read(`${HEADER}Distorted AM Radio noise.wav,"A muddled, broken noise.",B.,C.,D.,E.\n`);
    expect(inWords(found)).toEqual([
      `development/Distorted AM Radio noise.wav — ${FILE}#1:caption_1: A muddled, broken noise.`,
      `development/Distorted AM Radio noise.wav — ${FILE}#1:caption_2: B.`,
      `development/Distorted AM Radio noise.wav — ${FILE}#1:caption_3: C.`,
      `development/Distorted AM Radio noise.wav — ${FILE}#1:caption_4: D.`,
      `development/Distorted AM Radio noise.wav — ${FILE}#1:caption_5: E.`,
    ]);
    expect(found.pairs[0]).toMatchObject({ key: 'Distorted AM Radio noise#1', split: 'development' });
    expect(found.problems).toEqual([]);
  });

  it('takes names with entities for those without, and the reverse', async () => {
    const found = await read(`${HEADER}a &amp; b.wav,A,B,C,D,E\nc & d.wav,A,B,C,D,E\n`, {
      'development/a & b.wav': 'x',
      'development/c &amp; d.wav': 'x',
    });
    expect(new Set(found.pairs.map(({ firstItem }) => firstItem))).toEqual(
      new Set(['development/a & b.wav', 'development/c &amp; d.wav']),
    );
  });

  it('takes the recording on Freesound for the source', async () => {
    const metadata = 'file_name,keywords,sound_id\na.wav,x;y,1234\nb.wav,x,Not found\n';
    const found = await read(`${HEADER}a.wav,A,B,C,D,E\nb.wav,A,B,C,D,E\n`, { 'meta.csv': metadata }, 'meta.csv');
    const sounds = found.items.filter(({ modality }) => modality === 'audio');
    expect(sounds.map(({ id, source }) => [id, source])).toEqual([
      ['development/a.wav', '1234'],
      ['development/b.wav', undefined],
    ]);
    expect(found.claims).toEqual([FILE, 'meta.csv']);
  });

  it('names what a row lacks', async () => {
    const found = await read(`${HEADER},A,B,C,D,E\na.wav,A,,C,D,E\nb.wav,A\n../../c.wav,A,B,C,D,E\n`);
    expect(faults(found)).toEqual([
      `bad-row ${FILE}#1`,
      `missing-text ${FILE}#2:caption_2`,
      `bad-row ${FILE}#3`,
      `outside-root ${FILE}#4`,
    ]);
    expect(found.pairs).toHaveLength(4);
  });

  it('refuses a table without captions', async () => {
    await expect(read('file_name,caption\na.wav,A\n')).rejects.toThrow(InputError);
    await expect(read('')).rejects.toThrow(InputError);
  });

  it('turns every caption into a pair or a problem', async () => {
    const cell = fc.string().map((text) => `"${text.replaceAll('"', '""')}"`);
    const name = fc.string().map((text) => `"${text.replace(/["/\\:]/g, '_')}.wav"`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, cell, cell, cell, cell, cell), { minLength: 1 }), async (rows) => {
        const found = await read(HEADER + rows.map((row) => row.join(',')).join('\n'));
        expect(found.pairs.length + found.problems.length).toBe(5 * rows.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('recognising Clotho', () => {
  it('finds the sounds and the metadata of each split', async () => {
    const pairings = await proposed(clotho, {
      'clotho_captions_development.csv': `${HEADER}a &amp; b.wav,A,B,C,D,E\n`,
      'clotho_metadata_development.csv': 'file_name,sound_id\n',
      'clotho_captions_evaluation.csv': `${HEADER}e.wav,A,B,C,D,E\n`,
      'clotho_captions_validation.csv': '',
      'development/a & b.wav': 'x',
      'clotho_audio/evaluation/e.wav': 'x',
    });
    expect(pairings).toEqual([
      {
        layout: 'clotho',
        captions: [
          { file: FILE, split: 'development', audio: 'development', metadata: 'clotho_metadata_development.csv' },
          { file: 'clotho_captions_evaluation.csv', split: 'evaluation', audio: 'clotho_audio/evaluation' },
        ],
      },
    ]);
  });
});
