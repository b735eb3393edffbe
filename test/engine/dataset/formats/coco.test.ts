import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/base/errors.ts';
import { coco } from '../../../../src/dataset/formats/coco.ts';
import { faults, inWords, media, proposed, readFiles } from './read.ts';

/** As the mini sample of the reference tools: images that have no caption, several captions for one image. */
const SAMPLE = {
  info: { description: 'COCO 2017 Dataset', year: 2017, nested: [{ images: [1] }] },
  licenses: [{ url: 'http://example.com', id: 1, name: 'A "quoted" name' }],
  images: [
    { license: 1, file_name: '000000000009.jpg', height: 480, width: 640, id: 9 },
    { license: 1, file_name: '000000000025.jpg', height: 426, width: 640, id: 25 },
    { license: 1, file_name: '000000000030.jpg', height: 428, width: 640, id: 30 },
  ],
  annotations: [
    { image_id: 9, id: 661611, caption: 'Closeup of bins of food.\n' },
    { image_id: 25, id: 127076, caption: 'A giraffe eating ] from, the {tree}.' },
    { image_id: 9, id: 661977, caption: ' A meal is presented in "trays" \\ boxes. ' },
  ],
};
const PAIRING = {
  layout: 'coco-captions' as const,
  annotations: [{ file: 'annotations/captions_train2017.json', split: 'train', images: 'train2017' }],
};

function read(json: unknown) {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  return readFiles(coco, PAIRING, { 'annotations/captions_train2017.json': text });
}

describe('COCO captions', () => {
  it('joins several captions with one image by their ids', async () => {
    const found = await read(SAMPLE);
    expect(inWords(found)).toEqual([
      'train2017/000000000009.jpg — annotations/captions_train2017.json#661611: Closeup of bins of food.',
      'train2017/000000000025.jpg — annotations/captions_train2017.json#127076: A giraffe eating ] from, the {tree}.',
      'train2017/000000000009.jpg — annotations/captions_train2017.json#661977: A meal is presented in "trays" \\ boxes.',
    ]);
    expect(found.pairs[0]).toMatchObject({ key: '000000000009#661611', split: 'train', strength: 'strong' });
    expect(found.problems).toEqual([]);
    expect(found.claims).toEqual(['annotations/captions_train2017.json']);
  });

  it('keeps images that have no caption as items', async () => {
    expect(media(await read(SAMPLE))).toEqual([
      'train2017/000000000009.jpg',
      'train2017/000000000025.jpg',
      'train2017/000000000030.jpg',
    ]);
  });

  it('reads the lists in any order', async () => {
    const { info, licenses, images, annotations } = SAMPLE;
    const found = await read({ annotations, licenses, images, info });
    expect(found.pairs).toHaveLength(3);
  });

  it('names captions of images that are not listed, ids that come twice, and entries that lack something', async () => {
    const found = await read({
      images: [{ id: 1, file_name: 'a.jpg' }, { id: 1, file_name: 'b.jpg' }, { id: 2 }, 'text'],
      annotations: [
        { id: 1, image_id: 1, caption: 'first' },
        { id: 1, image_id: 1, caption: 'again' },
        { id: 2, image_id: 7, caption: 'no such image' },
        { id: 3, image_id: 1 },
        { id: 4, image_id: 1, caption: ' \n' },
      ],
    });
    const file = 'annotations/captions_train2017.json';
    expect(found.problems.map(({ kind, sentence }) => `${kind}: ${sentence}`)).toEqual([
      `bad-row: ${file}, images[1] repeats the id 1 of another image: give it one of its own.`,
      `bad-row: ${file}, images[2] has no usable "file_name": fill it in or delete the entry.`,
      `bad-row: ${file}, images[3] is not an object of JSON.`,
      `bad-row: ${file}, annotations[1] repeats the id 1 of another annotation: give it one of its own.`,
      `bad-row: ${file}, annotations[2] names the image 7, which "images" lacks: add or delete it.`,
      `bad-row: ${file}, annotations[3] has no usable "caption": fill it in or delete the entry.`,
      `missing-text: ${file}, annotations[4] has no text: fill it in or delete it.`,
    ]);
    expect(inWords(found)).toEqual([`train2017/a.jpg — ${file}#1: first`]);
  });

  it('never leaves the root', async () => {
    const found = await read({
      images: ['../../secret.jpg', '/etc/passwd', 'http://example.com/a.jpg', 'C:\\a.jpg'].map((file_name, id) => ({
        id,
        file_name,
      })),
      annotations: [],
    });
    expect(found.items).toEqual([]);
    expect(found.problems.map(({ kind }) => kind)).toEqual(Array(4).fill('outside-root'));
  });

  it('keeps what comes before the place where a file breaks off', async () => {
    const json = JSON.stringify(SAMPLE);
    const found = await read(json.slice(0, json.indexOf('{"image_id":25') + 20));
    expect(found.pairs).toHaveLength(1);
    expect(faults(found)).toEqual(['bad-row annotations/captions_train2017.json#annotations[1]']);
  });

  it('refuses a file of another kind', async () => {
    for (const text of ['', '[]', '{"images": []}', 'no json', '{"a": 1}\n{"images": [], "annotations": []}']) {
      await expect(read(text)).rejects.toThrow(InputError);
    }
  });

  it('turns anything into pairs or problems', async () => {
    const image = fc.record({ id: fc.nat(9), file_name: fc.string() }, { requiredKeys: [] });
    const annotation = fc.record(
      { id: fc.nat(9), image_id: fc.nat(9), caption: fc.string() },
      { requiredKeys: ['id'] },
    );
    const list = (entry: fc.Arbitrary<unknown>) => fc.array(fc.oneof(entry, entry, fc.jsonValue()), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(list(image), list(annotation), async (images, annotations) => {
        const found = await read({ images, annotations });
        const named = found.problems.filter(({ where }) => !String(where).includes('#images['));
        expect(found.pairs.length + named.length).toBe(annotations.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('recognising COCO captions', () => {
  const json = JSON.stringify(SAMPLE);

  it('finds the folder of the images, the split, and each edition', async () => {
    const pairings = await proposed(coco, {
      'annotations/captions_train2017.json': json,
      'annotations/captions_val2017.json': json,
      'annotations/captions_val2014.json': json.replaceAll('0000', 'COCO_val2014_0000'),
      'annotations/instances_val2017.json': JSON.stringify({
        ...SAMPLE,
        annotations: [{ id: 1, image_id: 9, bbox: [] }],
      }),
      'images/train2017/000000000009.jpg': 'x',
      'images/train2017/000000000025.jpg': 'x',
    });
    const file = (split: string) => ({
      file: `annotations/captions_${split}2017.json`,
      split,
      images: 'images/train2017',
    });
    expect(pairings).toEqual([{ layout: 'coco-captions', annotations: [file('train'), file('val')] }]);
  });

  it('offers nothing where the images are not there', async () => {
    expect(await proposed(coco, { 'captions_train2017.json': json, 'other.json': '[1, 2]' })).toEqual([]);
  });
});
