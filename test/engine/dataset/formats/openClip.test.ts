import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openClip } from '../../../../src/dataset/formats/openClip.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

function read(table: string, file = 'train.csv') {
  return readFiles(
    openClip,
    { layout: 'open-clip', captions: [{ file, split: 'train', images: 'images' }] },
    { [file]: table },
  );
}

describe('open_clip tables', () => {
  it('are separated by tabs, whatever the name says', async () => {
    const found = await read('filepath\ttitle\na.jpg\tA dog, a cat\nb/c.jpg\t"A ""big"" dog"\n');
    expect(inWords(found)).toEqual([
      'images/a.jpg — train.csv#1: A dog, a cat',
      'images/b/c.jpg — train.csv#2: A "big" dog',
    ]);
    expect(found.pairs[0]).toMatchObject({ key: 'a', split: 'train' });
    expect(found.problems).toEqual([]);
  });

  it('may be separated by commas, and may be called TSV', async () => {
    expect(inWords(await read('title,filepath,other\n"A, b",a.jpg,1\n'))).toEqual(['images/a.jpg — train.csv#1: A, b']);
    const quoted = await read('filepath\ttitle\na.jpg\t"A ""big"" dog"\n', 'train.tsv');
    expect(inWords(quoted)).toEqual(['images/a.jpg — train.tsv#1: A "big" dog']);
  });

  it('keep the word nan as the text that it is, and name captions that are missing', async () => {
    const found = await read('filepath\ttitle\na.jpg\tnan\nb.jpg\t\n\tA dog\n../../x.jpg\tA\nc.jpg\n');
    expect(inWords(found)).toEqual(['images/a.jpg — train.csv#1: nan']);
    expect(faults(found)).toEqual([
      'missing-text train.csv#2',
      'bad-row train.csv#3',
      'outside-root train.csv#4',
      'bad-row train.csv#5',
    ]);
  });

  it('give a pair or a problem for every row', async () => {
    const cell = fc.string().map((text) => `"${text.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (rows) => {
        const found = await read(`filepath\ttitle\n${rows.map((row) => row.join('\t')).join('\n')}`);
        expect(found.pairs.length + found.problems.length).toBe(rows.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('recognising open_clip tables', () => {
  it('finds the images of each split', async () => {
    const pairings = await proposed(openClip, {
      'train.csv': 'filepath\ttitle\nimages/a.jpg\tA\n',
      'val.csv': 'filepath\ttitle\nb.jpg\tB\n',
      'lost.csv': 'filepath\ttitle\nhttp://example.com/a.jpg\tA\n',
      'other.csv': 'image,text\nb.jpg,B\n',
      'images/a.jpg': 'x',
      'images/b.jpg': 'x',
    });
    expect(pairings).toEqual([
      {
        layout: 'open-clip',
        captions: [
          { file: 'train.csv', split: 'train', images: '.' },
          { file: 'val.csv', split: 'val', images: 'images' },
        ],
      },
    ]);
  });
});
