import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flickr } from '../../../../src/dataset/formats/flickr.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

function read(text: string | Uint8Array, file = 'results_20130124.token') {
  return readFiles(flickr, { layout: 'flickr', file, images: 'flickr30k-images' }, { [file]: text });
}

describe('Flickr token files', () => {
  it('splits at the last "#" and the first tab', async () => {
    const found = await read(
      '1000092795.jpg#0\tTwo young guys , with shaggy hair .\r\n1000092795.jpg#1\tTwo #\ttabs .\r\na#b.jpg#0\tA "quote .\n',
    );
    expect(inWords(found)).toEqual([
      'flickr30k-images/1000092795.jpg — results_20130124.token#1: Two young guys , with shaggy hair .',
      'flickr30k-images/1000092795.jpg — results_20130124.token#2: Two #\ttabs .',
      'flickr30k-images/a#b.jpg — results_20130124.token#3: A "quote .',
    ]);
    expect(found.pairs.map(({ key }) => key)).toEqual(['1000092795#0', '1000092795#1', 'a#b#0']);
    expect(found.problems).toEqual([]);
  });

  it('names lines without tab, number or caption, and those that are no UTF-8', async () => {
    const bad = Buffer.from('1.jpg#0\tfine\nno tab\n1.jpg\tno number\n\n1.jpg#1\t \n1.jpg#2\tcaf\xe9\n', 'latin1');
    const found = await read(bad);
    expect(faults(found)).toEqual(
      ['bad-row', 'bad-row', 'missing-text', 'bad-row'].map(
        (kind, index) => `${kind} results_20130124.token#${[2, 3, 5, 6][index]}`,
      ),
    );
    expect(found.pairs).toHaveLength(1);
  });

  it('reads the form with "|" and names the row that lacks one', async () => {
    const text =
      'image_name| comment_number| comment\n1.jpg| 0| A dog | a cat .\n1.jpg| 4   A dog runs .\n2.jpg| 1| Black , and white .\n';
    const found = await read(text, 'results.csv');
    expect(inWords(found)).toEqual([
      'flickr30k-images/1.jpg — results.csv#2: A dog | a cat .',
      'flickr30k-images/2.jpg — results.csv#4: Black , and white .',
    ]);
    expect(faults(found)).toEqual(['bad-row results.csv#3']);
  });

  it('reads the form with commas, whose captions are quoted', async () => {
    const found = await read('image,caption\n1.jpg,A dog .\n1.jpg,"A dog , a cat ."\n', 'captions.txt');
    expect(inWords(found)).toEqual([
      'flickr30k-images/1.jpg — captions.txt#1: A dog .',
      'flickr30k-images/1.jpg — captions.txt#2: A dog , a cat .',
    ]);
    expect(found.pairs.map(({ key }) => key)).toEqual(['1#0', '1#1']);
  });

  it('takes splits from lists of images', async () => {
    const found = await readFiles(
      flickr,
      { layout: 'flickr', file: 'a.token', images: '.', splits: { train: 'train.txt', test: 'test.txt' } },
      {
        'a.token': '1.jpg#0\tA\n2.jpg#0\tB\n3.jpg#0\tC\n',
        'train.txt': '1.jpg\n2.jpg\n',
        'test.txt': '2.jpg\n',
      },
    );
    expect(found.pairs.map(({ split }) => split)).toEqual(['train', 'train', undefined]);
    expect(faults(found)).toEqual(['bad-row test.txt#1']);
    expect(found.claims).toEqual(['a.token', 'test.txt', 'train.txt']);
  });

  it('turns every line of any text into a pair or a problem', async () => {
    const line = fc.oneof(
      fc.string(),
      fc.tuple(fc.string(), fc.nat(4), fc.string()).map(([a, k, b]) => `${a}#${k}\t${b}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        const found = await read(`a.jpg#0\tfirst\n${lines.join('\n')}`);
        const filled = lines
          .join('\n')
          .split('\n')
          .filter((text) => text.trim() !== '');
        expect(found.pairs.length + found.problems.length).toBe(filled.length + 1);
      }),
      { numRuns: 30 },
    );
  });
});

describe('recognising Flickr captions', () => {
  it('finds the images and the lists of splits, and takes the plain captions before the lemmatised ones', async () => {
    const pairings = await proposed(flickr, {
      'text/Flickr8k.lemma.token.txt': '1.jpg#0\ta dog\n',
      'text/Flickr8k.token.txt': '1.jpg#0\tA dog\n',
      'text/Flickr_8k.trainImages.txt': '1.jpg\n',
      'text/Flickr_8k.devImages.txt': '2.jpg\n',
      'Flicker8k_Dataset/1.jpg': 'x',
    });
    expect(pairings.map(({ file }) => file)).toEqual(['text/Flickr8k.token.txt', 'text/Flickr8k.lemma.token.txt']);
    expect(pairings[0]).toMatchObject({
      images: 'Flicker8k_Dataset',
      splits: { dev: 'text/Flickr_8k.devImages.txt', train: 'text/Flickr_8k.trainImages.txt' },
    });
  });

  it.each([
    ['results.csv', 'image_name| comment_number| comment\n1.jpg| 0| A dog\n'],
    ['captions.txt', 'image,caption\n1.jpg,A dog\n'],
  ])('recognises %s', async (file, text) => {
    expect(await proposed(flickr, { [file]: text, 'Images/1.jpg': 'x' })).toEqual([
      { layout: 'flickr', file, images: 'Images' },
    ]);
  });

  it('offers nothing without images', async () => {
    expect(await proposed(flickr, { 'results.token': '1.jpg#0\tA dog\n', 'a.token': '' })).toEqual([]);
  });
});
