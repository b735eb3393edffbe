import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/base/errors.ts';
import { commonVoice } from '../../../../src/dataset/formats/commonVoice.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

const HEADER = 'client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccents\tlocale\tsegment\n';
const row = (client: string, path: string, sentence: string) => `${client}\t${path}\t${sentence}\t2\t0\t\t\t\ten\t\n`;

function read(table: string) {
  const transcripts = [{ file: 'en/train.tsv', split: 'train', audio: 'en/clips' }];
  return readFiles(commonVoice, { layout: 'common-voice', transcripts }, { 'en/train.tsv': table });
}

describe('Common Voice', () => {
  it('takes stray quotes for letters, and the client for the source', async () => {
    const found = await read(
      `${HEADER}${row('c1', 'a.mp3', '"Hello, she said.')}${row('c1', 'b.mp3', 'It\'s "fine".')}`,
    );
    expect(inWords(found)).toEqual([
      'en/clips/a.mp3 — en/train.tsv#2: "Hello, she said.',
      'en/clips/b.mp3 — en/train.tsv#3: It\'s "fine".',
    ]);
    expect(found.items[0]).toMatchObject({ source: 'c1', split: 'train' });
    expect(found.problems).toEqual([]);
    expect(found.claims).toContain('en/train.tsv');
    expect(found.claims).toContain('en/validated.tsv');
  });

  it('reads the columns of early releases, whose clips lack ".mp3"', async () => {
    const found = await read(
      'client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccent\nc\tabc.1\tHi\t1\t0\t\t\t\n',
    );
    expect(inWords(found)).toEqual(['en/clips/abc.1.mp3 — en/train.tsv#2: Hi']);
  });

  it('names rows that lack something', async () => {
    const found = await read(
      `${HEADER}a\tb\n${row('c', '', 'x')}${row('c', 'a.mp3', '')}${row('c', '../../../a.mp3', 'x')}`,
    );
    expect(faults(found)).toEqual([
      'bad-row en/train.tsv#2',
      'bad-row en/train.tsv#3',
      'missing-text en/train.tsv#4',
      'outside-root en/train.tsv#5',
    ]);
  });

  it('refuses a table without its columns', async () => {
    await expect(read('file\ttext\na\tb\n')).rejects.toThrow(InputError);
    await expect(read('')).rejects.toThrow(InputError);
  });

  it('turns every line of any text into a pair or a problem', async () => {
    const cell = fc.string().map((text) => text.replaceAll('\n', ' '));
    const line = fc.oneof(
      cell,
      fc.tuple(cell, cell, cell).map(([a, b, c]) => `${a}\t${b}\t${c}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        const found = await read(`client_id\tpath\tsentence\n${lines.join('\n')}`);
        expect(found.pairs.length + found.problems.length).toBe(lines.filter((text) => text.trim() !== '').length);
      }),
      { numRuns: 40 },
    );
  });
});

describe('recognising Common Voice', () => {
  const table = HEADER + row('c', 'a.mp3', 'Hi');

  it('takes train, dev and test of every language, not the tables that hold them again', async () => {
    const pairings = await proposed(commonVoice, {
      'cv/en/train.tsv': table,
      'cv/en/test.tsv': table,
      'cv/en/validated.tsv': table,
      'cv/en/clips/a.mp3': 'x',
      'cv/tt/validated.tsv': table,
      'cv/tt/clips/a.mp3': 'x',
      'other/train.tsv': 'a\tb\n',
    });
    const [pairing] = pairings;
    expect(pairing?.transcripts.map(({ file, split }) => [file, split])).toEqual([
      ['cv/en/train.tsv', 'train'],
      ['cv/en/test.tsv', 'test'],
      ['cv/tt/validated.tsv', undefined],
    ]);
  });

  it('offers nothing without clips', async () => {
    expect(await proposed(commonVoice, { 'train.tsv': table, 'clips/other.mp3': 'x' })).toEqual([]);
  });
});
