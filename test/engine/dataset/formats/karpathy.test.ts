import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { karpathy } from '../../../../src/dataset/formats/karpathy.ts';
import { inWords, media, proposed, readFiles } from './read.ts';

const sentence = (sentid: number, raw: string) => ({ tokens: raw.split(' '), raw, imgid: 0, sentid });
const COCO = {
  images: [
    {
      filepath: 'val2014',
      sentids: [1, 2],
      filename: 'COCO_val2014_000000391895.jpg',
      imgid: 0,
      split: 'test',
      sentences: [sentence(1, 'A man with a red helmet.'), sentence(2, 'Man riding a motor bike. ')],
      cocoid: 391895,
    },
    {
      filepath: 'train2014',
      filename: 'COCO_train2014_000000057870.jpg',
      imgid: 1,
      split: 'restval',
      sentences: [0, 1, 2, 3, 4, 5].map((k) => sentence(10 + k, `Sentence ${k}.`)),
    },
  ],
  dataset: 'coco',
};

function read(json: unknown) {
  const pairing = { layout: 'karpathy' as const, file: 'dataset_coco.json', images: 'images' };
  return readFiles(karpathy, pairing, { 'dataset_coco.json': JSON.stringify(json) });
}

describe('Karpathy splits', () => {
  it('pairs every sentence with its image, more than five of them too', async () => {
    const found = await read(COCO);
    expect(inWords(found).slice(0, 2)).toEqual([
      'images/val2014/COCO_val2014_000000391895.jpg — dataset_coco.json#1: A man with a red helmet.',
      'images/val2014/COCO_val2014_000000391895.jpg — dataset_coco.json#2: Man riding a motor bike.',
    ]);
    expect(found.pairs).toHaveLength(8);
    expect(found.problems).toEqual([]);
  });

  it('counts restval as train', async () => {
    const { pairs } = await read(COCO);
    expect(new Set(pairs.map(({ split }) => split))).toEqual(new Set(['test', 'train']));
  });

  it('reads Flickr files, whose names have no folder', async () => {
    const found = await read({ images: [{ filename: '1.jpg', split: 'val', sentences: [sentence(0, 'A dog.')] }] });
    expect(inWords(found)).toEqual(['images/1.jpg — dataset_coco.json#0: A dog.']);
  });

  it('names sentences that lack something or repeat an id, and images without name', async () => {
    const found = await read({
      images: [
        { filename: 'a.jpg', sentences: [sentence(1, 'A.'), { sentid: 2 }, sentence(1, 'B.'), sentence(3, ' ')] },
        { split: 'val', sentences: [] },
        { filename: '../../a.jpg', sentences: [sentence(4, 'C.')] },
      ],
    });
    expect(found.problems.map(({ kind, where }) => `${kind} ${where}`)).toEqual([
      'bad-row dataset_coco.json#images[0].sentences[1]',
      'bad-row dataset_coco.json#images[0].sentences[2]',
      'missing-text dataset_coco.json#3',
      'bad-row dataset_coco.json#images[1]',
      'outside-root dataset_coco.json#images[2]',
    ]);
    expect(media(found)).toEqual(['images/a.jpg']);
    expect(found.pairs).toHaveLength(1);
  });

  it('turns anything into pairs or problems', async () => {
    const any = fc.record({
      filename: fc.constantFrom('a', 'b'),
      split: fc.string(),
      sentences: fc.array(fc.jsonValue()),
    });
    const valid = fc.record({ raw: fc.string(), sentid: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(valid, fc.jsonValue())), fc.array(any), async (sentences, images) => {
        const found = await read({ images: [{ filename: 'a.jpg', sentences }, ...images] });
        const all = images.reduce((sum, image) => sum + image.sentences.length, sentences.length);
        expect(found.pairs.length + found.problems.length).toBe(all);
      }),
      { numRuns: 30 },
    );
  });
});

describe('recognising Karpathy splits', () => {
  it('finds the folder that the names are relative to', async () => {
    const files = {
      'karpathy/dataset_coco.json': JSON.stringify(COCO),
      'coco/val2014/COCO_val2014_000000391895.jpg': 'x',
    };
    expect(await proposed(karpathy, files)).toEqual([
      { layout: 'karpathy', file: 'karpathy/dataset_coco.json', images: 'coco' },
    ]);
  });

  it('offers nothing for COCO captions or where the images are not there', async () => {
    const captions = JSON.stringify({ images: [{ id: 1, file_name: 'a.jpg' }], annotations: [] });
    expect(
      await proposed(karpathy, { 'captions.json': captions, 'a.jpg': 'x', 'd.json': JSON.stringify(COCO) }),
    ).toEqual([]);
  });
});
