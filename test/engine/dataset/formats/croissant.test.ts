import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Database } from '../../../../src/base/database.ts';
import { croissant } from '../../../../src/dataset/formats/croissant.ts';
import { tarOf } from '../../container/tarOf.ts';
import { zipOf } from '../../container/zipOf.ts';
import { placeWith } from '../place.ts';
import {
  CONTENT,
  column,
  description,
  FILES,
  IMAGES,
  joined,
  MANIFEST,
  PICTURES,
  property,
  read,
} from './croissantDescriptions.ts';
import { inWords, media, proposed, readFormat } from './read.ts';

describe('a Croissant description', () => {
  it.each([
    ['the specification', { '@id': 'captions/file' }],
    ['files of version 1.0', { field: { '@id': 'captions/file' } }],
    ["the specification's own example", { '@idfield': 'captions/file' }],
    ['a column of a file', { fileObject: { '@id': 'captions.csv' }, extract: { column: 'file' } }],
  ])('joins record sets by references as in %s', async (_, references) => {
    const isColumn = 'fileObject' in references;
    const caption = { fileObject: { '@id': 'captions.csv' }, extract: { column: 'caption' } };
    const found = await read(joined(references, isColumn ? caption : undefined), { split: 'images/split' });
    expect(inWords(found).toSorted()).toEqual([
      'images/test_2.png — captions.csv#2:caption: A cat',
      'images/train_1.png — captions.csv#1:caption: A dog',
    ]);
    expect(found.pairs.map(({ key, split }) => [key, split]).toSorted()).toEqual([
      ['test_2', 'test'],
      ['train_1', 'train'],
    ]);
    expect(found.problems).toEqual([]);
    expect(found.claims).toEqual(['captions.csv', 'croissant.json']);
  });

  it('brings in pictures through the reference of the captions, several captions for one picture', async () => {
    const json = description(
      [MANIFEST, PICTURES],
      [
        {
          '@id': 'captions',
          field: [
            column('captions/file', 'file', { references: { '@id': 'images/path' } }),
            column('captions/caption', 'caption'),
          ],
        },
        {
          '@id': 'images',
          field: [property('images/path', 'fullpath'), property('images/content', 'content', CONTENT)],
        },
      ],
    );
    const found = await read(
      json,
      { records: 'captions', items: { image: ['images/content'], text: ['captions/caption'] } },
      {
        ...FILES,
        'captions.csv': 'file,caption\nimages/train_1.png,A dog\nimages/train_1.png,A hound\nimages/x.png,None\n',
      },
    );
    expect(inWords(found)).toEqual([
      'images/train_1.png — captions.csv#1:caption: A dog',
      'images/train_1.png — captions.csv#2:caption: A hound',
    ]);
    expect(found.problems.map(({ kind, sentence }) => [kind, sentence])).toEqual([
      ['bad-row', 'croissant.json: captions has nothing in "images/content" in 1 of its 3 records, such as 3.'],
    ]);
  });

  it('means the same by all prefixes, by one value and by a list of it', async () => {
    const old = joined({ '@id': 'captions/file' })
      .replaceAll('"cr:', '"ml:')
      .replaceAll('"recordSet"', '"http://mlcommons.org/schema/recordSet"')
      .replaceAll('"field"', '"ml:field"')
      .replaceAll('"sc:ImageObject"', '["https://schema.org/ImageObject"]')
      .replace('"images/*.png"', '["images/*.png"]');
    expect(inWords(await read(old))).toHaveLength(2);
  });

  it('keeps fields inside fields, and takes records that stand in the description', async () => {
    const json = description([], {
      '@id': 'sounds',
      field: [
        {
          '@id': 'sounds/both',
          subField: [
            { '@id': 'sounds/both/a', dataType: 'sc:Text' },
            { '@id': 'b', dataType: 'sc:Text' },
          ],
        },
      ],
      data: [{ 'sounds/both/a': 'one', b: 'eins' }, { a: 'two' }],
    });
    const found = await read(json, { records: 'sounds', items: { audio: ['sounds/both/a'], text: ['b'] } });
    expect(found.items.map(({ text }) => text)).toEqual(['one', 'eins', 'two']);
    expect(found.pairs).toHaveLength(1);
  });

  it('reads lists in JSON by their paths, as in the captions of COCO', async () => {
    const annotation = (id: string, path: string, more: object = {}) => ({
      '@id': id,
      dataType: 'sc:Text',
      source: { fileObject: { '@id': 'captions.json' }, extract: { jsonPath: path } },
      ...more,
    });
    const json = description(
      [{ '@type': 'cr:FileObject', '@id': 'captions.json', contentUrl: './captions.json' }, PICTURES],
      [
        {
          '@id': 'captions',
          field: [
            annotation('captions/id', '$.annotations[*].image["file"]', { references: { '@id': 'images/name' } }),
            annotation('captions/caption', '$.annotations[*].captions[*]'),
          ],
        },
        {
          '@id': 'images',
          field: [property('images/name', 'filename'), property('images/content', 'content', CONTENT)],
        },
      ],
    );
    const annotations = [
      { image: { file: 'train_1.png' }, captions: ['one', 'two'] },
      { image: { file: 'test_2.png' }, captions: [] },
    ];
    const found = await read(
      json,
      { records: 'captions', items: { image: ['images/content'], text: ['captions/caption'] } },
      { ...FILES, 'captions.json': JSON.stringify({ annotations }) },
    );
    expect(found.items.flatMap(({ text }) => text ?? [])).toEqual(['one', 'two']);
    expect(media(found)).toEqual(['images/test_2.png', 'images/train_1.png']);
    expect(found.pairs.map(({ key }) => key)).toEqual(['train_1#1', 'train_1#2']);
  });

  it('reads pictures from archives where they lie, of several archives as one', async () => {
    const archive = (id: string) => ({ '@type': 'cr:FileObject', '@id': id, contentUrl: `data/${id}` });
    const set = { ...PICTURES, includes: '*.png', containedIn: [{ '@id': 'a.zip' }, { '@id': 'b.tar' }] };
    const json = joined({ '@id': 'captions/file' }).replace(
      JSON.stringify(PICTURES),
      [set, archive('a.zip'), archive('b.tar')].map((entry) => JSON.stringify(entry)).join(),
    );
    const root = await placeWith({ 'croissant.json': json, 'captions.csv': FILES['captions.csv'], 'data/x': '' });
    await writeFile(join(root, 'data/a.zip'), zipOf({ 'in/train_1.png': 'one' }));
    await writeFile(join(root, 'data/b.tar'), tarOf([['in/test_2.png', 'two']]));
    const found = await readFormat(croissant, IMAGES, root);
    expect(inWords(found).toSorted()).toEqual([
      'data/a.zip#in/train_1.png — captions.csv#1:caption: A dog',
      'data/b.tar#in/test_2.png — captions.csv#2:caption: A cat',
    ]);
    expect(found.items.find(({ id }) => id === 'data/b.tar#in/test_2.png')).toMatchObject({
      path: 'data/b.tar',
      member: 'in/test_2.png',
      begin: 512,
      length: 3,
    });
    expect(found.claims).toContain('data/a.zip');
  });

  it.each([
    ['captions.csv', 'file,caption\ntrain_1.png,A dog\ntest_2.png,A cat\n'],
    ['captions.tsv', 'file\tcaption\ntrain_1.png\tA dog\ntest_2.png\tA cat\n'],
    ['captions.jsonl', '{"file":"train_1.png","caption":"A dog"}\n{"file":"test_2.png","caption":"A cat"}\n'],
  ])('reads the table %s beside its pictures in one archive, as Kaggle has them', async (table, text) => {
    const json = joined({ '@id': 'captions/file' })
      .replace(JSON.stringify(PICTURES), JSON.stringify({ ...PICTURES, containedIn: { '@id': 'all.zip' } }))
      .replace(
        JSON.stringify(MANIFEST),
        [
          { '@type': 'cr:FileObject', '@id': 'all.zip', contentUrl: 'all.zip' },
          { ...MANIFEST, contentUrl: `in/${table}`, containedIn: { '@id': 'all.zip' } },
        ]
          .map((entry) => JSON.stringify(entry))
          .join(),
      );
    const root = await placeWith({ 'croissant.json': json });
    const pictures = { 'images/train_1.png': 'one', 'images/test_2.png': 'two' };
    await writeFile(join(root, 'all.zip'), zipOf({ ...pictures, [`in/${table}`]: text }));
    const found = await readFormat(croissant, { ...IMAGES, split: 'images/split' }, root);
    expect(inWords(found).toSorted()).toEqual([
      `all.zip#images/test_2.png — all.zip#in/${table}#2:caption: A cat`,
      `all.zip#images/train_1.png — all.zip#in/${table}#1:caption: A dog`,
    ]);
    expect(found.problems).toEqual([]);
    await writeFile(join(root, 'all.zip'), zipOf({ ...pictures, [`in/${table}`]: '' }));
    const sentences = (await readFormat(croissant, IMAGES, root)).problems.map(({ sentence }) => sentence);
    expect(sentences.join()).toContain(table.endsWith('l') ? 'has nothing in "images/caption"' : `all.zip/in/${table}`);
    expect(sentences.join()).not.toContain('pairlab-table');
  });

  it('names cells of Parquet for pictures that lie in them', async () => {
    const root = await placeWith({ 'data/train/x': '' });
    const database = await Database.open();
    await database.run(
      `COPY (SELECT {'bytes': 'xyz'::BLOB, 'path': 'a.png'} AS image, 'A dog' AS text, 'cat' AS label) TO '${join(root, 'data/train/0.parquet').replaceAll("'", "''")}'`,
    );
    database.close();
    const from = (id: string, name: string, more: object = {}) => ({
      '@id': id,
      source: { fileSet: { '@id': 'parquet-files' }, extract: { column: name }, ...more },
    });
    const json = description(
      [
        {
          '@type': 'cr:FileObject',
          '@id': 'repo',
          contentUrl: 'https://huggingface.co/x',
          encodingFormat: 'git+https',
          sha256: 'https://github.com/issues/80',
        },
        { '@type': 'cr:FileSet', '@id': 'parquet-files', containedIn: { '@id': 'repo' }, includes: 'data/*/*.parquet' },
      ],
      [
        {
          '@id': 'splits',
          dataType: 'cr:Split',
          field: [{ '@id': 'splits/name' }],
          data: [{ 'splits/name': 'train' }],
        },
        {
          '@id': 'default',
          field: [
            { ...from('default/image', 'image', { transform: { jsonPath: 'bytes' } }), dataType: 'sc:ImageObject' },
            { ...from('default/text', 'text'), dataType: 'sc:Text' },
            { ...from('default/label', 'label'), dataType: ['sc:Text', 'cr:Label'] },
            {
              '@id': 'default/split',
              dataType: 'sc:Text',
              references: { field: { '@id': 'splits/name' } },
              source: {
                fileSet: { '@id': 'parquet-files' },
                extract: { fileProperty: 'fullpath' },
                transform: { regex: 'data/(?P<split>train|test)/.+parquet$' },
              },
            },
          ],
        },
      ],
    );
    await writeFile(join(root, 'croissant.json'), json);
    const pairing = {
      ...IMAGES,
      records: 'default',
      items: { image: ['default/image'], text: ['default/text'] },
      class: 'default/label',
      split: 'default/split',
    };
    const found = await readFormat(croissant, pairing, root);
    expect(found.items[0]).toMatchObject({
      id: 'data/train/0.parquet#1:image',
      row: 1,
      column: 'image',
      class: 'cat',
      split: 'train',
    });
    expect(found.pairs).toHaveLength(1);
    expect(found.problems).toEqual([]);
  });

  it('reads patterns as the specification has them, and says where mlcroissant differs', async () => {
    const set = { ...PICTURES, includes: 'images/*.png', excludes: 'images/test_*' };
    const json = joined({ '@id': 'captions/file' }).replace(JSON.stringify(PICTURES), JSON.stringify(set));
    const found = await read(json, {}, { ...FILES, 'images/deep/x.png': '' });
    expect(media(found)).toEqual(['images/train_1.png']);
    expect(found.problems.map(({ sentence }) => sentence)).toEqual([
      'croissant.json: pictures includes 2 files; mlcroissant, where "*" crosses folders, would take 1 more. Write the folders into the pattern.',
      'croissant.json: pictures excludes 1 files, which mlcroissant would read all the same.',
    ]);
    const anywhere = JSON.stringify({ ...PICTURES, includes: '*.png' });
    expect(
      media(await read(joined({ '@id': 'captions/file' }).replace(JSON.stringify(PICTURES), anywhere))),
    ).toHaveLength(2);
  });

  it('splits texts at a separator into several', async () => {
    const source = {
      fileObject: { '@id': 'captions.csv' },
      extract: { column: 'caption' },
      transform: [{ separator: '|' }, { regex: '^ *(.*)$' }],
    };
    const json = joined({ '@id': 'captions/file' }).replace(
      '"source":{"fileObject":{"@id":"captions.csv"},"extract":{"column":"caption"}}',
      `"source":${JSON.stringify(source)}`,
    );
    const found = await read(json, {}, { ...FILES, 'captions.csv': 'file,caption\ntrain_1.png,one| two\n' });
    expect(found.items.flatMap(({ text }) => text ?? [])).toEqual(['one', 'two']);
    expect(found.pairs.map(({ key }) => key)).toEqual(['train_1#1', 'train_1#2']);
  });
});

describe('proposing a Croissant description', () => {
  it('finds the record set, the fields of the items, the class and the split', async () => {
    const json = joined({ '@id': 'captions/file' });
    expect(await proposed(croissant, { 'metadata.json': json, ...FILES })).toEqual([
      {
        layout: 'croissant',
        file: 'metadata.json',
        records: 'images',
        items: { image: ['images/content'], text: ['images/caption'] },
        split: 'images/split',
        strength: 'strong',
      },
    ]);
  });

  it('proposes nothing for other JSON', async () => {
    expect(
      await proposed(croissant, {
        'a.json': '{',
        'b.json': '{"x": "mlcommons.org/croissant"}',
        'c.json': description([PICTURES], []),
      }),
    ).toEqual([]);
  });
});
