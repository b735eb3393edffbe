import { unlinkSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { BY_STEM, indexed, inShort, photo, picture, placeWith, sound } from './place.ts';

const IMAGE_AUDIO = { first: 'image', second: 'audio' } as const;

describe('indexing folders by stem', () => {
  it('pairs files of one name and names every file that it leaves out', async () => {
    const folder = await placeWith({
      'pairlab.yaml': BY_STEM,
      'images/a.png': await picture(1),
      'audio/a.wav': sound(),
      'images/alone.png': await picture(2),
      'audio/x/two.wav': sound({ samples: [1, 2] }),
      'README.md': 'hello',
    });
    const { snapshot, problems } = await indexed(folder);
    const [pair] = await snapshot.pairs(IMAGE_AUDIO);
    expect(pair).toMatchObject({ id: 'a:image-audio', key: 'a', strength: 'strong', problems: 0 });
    expect(snapshot.summary).toMatchObject({ items: { image: 2, audio: 2 }, unpaired: 2 });
    expect(inShort(problems)).toEqual([
      'missing-counterpart audio/x/two.wav',
      'missing-counterpart images/alone.png',
      'not-part-of-layout README.md',
    ]);
    expect(problems[1]?.sentence).toBe('images/alone.png has no audio counterpart: there is no audio/alone.*.');
  });

  it('pairs nothing where two files of a modality have one name', async () => {
    const folder = await placeWith({
      'pairlab.yaml': BY_STEM,
      'images/a.png': await picture(1),
      'images/a.jpg': await photo(2),
      'audio/a.wav': sound(),
    });
    const { snapshot, problems } = await indexed(folder);
    expect(await snapshot.pairs(IMAGE_AUDIO)).toEqual([]);
    expect(inShort(problems)).toEqual(['missing-counterpart audio/a.wav', 'ambiguous-pairing images/a.jpg']);
    expect(snapshot.summary.unpaired).toBe(3);
  });

  it('keeps names with spaces, quotes, line breaks, brackets and any script', async () => {
    const names = ['a b', '"quoted" \'too\'', 'line\nbreak', '[1] *?', 'größe 😀', '$x; DROP TABLE rows; --'];
    const files: Record<string, Uint8Array | string> = { 'pairlab.yaml': BY_STEM };
    for (const [index, name] of names.entries()) {
      files[`images/${name}.png`] = await picture(index);
      files[`audio/${name}.wav`] = sound({ samples: [index] });
    }
    const { snapshot, problems } = await indexed(await placeWith(files));
    const pairs = await snapshot.pairs(IMAGE_AUDIO);
    expect(pairs.map(({ key }) => key).toSorted()).toEqual(names.toSorted());
    expect(problems).toEqual([]);
    for (const { id } of pairs) expect((await snapshot.pair(id)).items).toHaveLength(2);
  });

  it('never opens what lies outside the root', async () => {
    const outside = await placeWith({ 'secret.png': await picture(9) });
    const folder = await placeWith({
      'pairlab.yaml': BY_STEM,
      'images/a.png': await picture(1),
      'audio/a.wav': sound(),
    });
    await symlink(join(outside, 'secret.png'), join(folder, 'images/b.png'));
    await symlink(join(folder, 'nowhere'), join(folder, 'images/c.png'));
    const { snapshot, problems } = await indexed(folder);
    expect(inShort(problems)).toEqual(['missing-file images/c.png', 'outside-root images/b.png']);
    expect(snapshot.summary.items).toEqual({ image: 1, audio: 1 });
  });
});

describe('indexing class folders', () => {
  const yaml = `name: test
pairing:
  layout: class-folders
  items: { image: "images/{class}/{stem}", audio: "audio/{class}/{stem}" }
`;

  it('links each item of the larger side to one of the smaller side in turn, weakly', async () => {
    const folder = await placeWith({
      'pairlab.yaml': yaml,
      'images/dog/1.png': await picture(1),
      'images/dog/2.png': await picture(2),
      'images/dog/3.png': await picture(3),
      'audio/dog/x.wav': sound({ samples: [1] }),
      'audio/dog/y.wav': sound({ samples: [2] }),
      'images/cat/1.png': await picture(4),
    });
    const { snapshot, problems } = await indexed(folder);
    const pairs = await snapshot.pairs(IMAGE_AUDIO);
    expect(pairs.map(({ key, strength }) => [key, strength])).toEqual([
      ['dog/1+x', 'weak'],
      ['dog/2+y', 'weak'],
      ['dog/3+x', 'weak'],
    ]);
    expect(problems.map(({ sentence }) => sentence)).toContain(
      'images/cat/1.png has no audio counterpart: the class cat has no audio.',
    );
    expect(snapshot.summary.classes).toEqual(['cat', 'dog']);
  });
});

describe('indexing a table', () => {
  const yaml = `name: test
pairing:
  layout: table
  file: meta/pairs.csv
  items:
    image: { path: image, folder: images }
    text: { cell: caption }
  id: id
  class: class
  split: split
  strength: strong
`;

  it('names every row and file that gives no pair', async () => {
    const rows = [
      'id,image,caption,class,split',
      '1,a.png,"a ""red"" dog,\nrunning",dog,train',
      '2,b.png,null,cat,test',
      '3,gone.png,lost,cat,test',
      '4,/etc/passwd,x,cat,test',
      '5,../../x.png,x,cat,test',
      '6,https://x.org/a.png,x,cat,test',
      '7,a.png',
      '8,,no picture,dog,train',
      '9,a.png,again,dog,test',
    ];
    const folder = await placeWith({
      'pairlab.yaml': yaml,
      'meta/pairs.csv': `\uFEFF${rows.join('\r\n')}\r\n`,
      'images/a.png': await picture(1),
      'images/b.png': await picture(2),
      'images/unlisted.png': await picture(3),
      'LICENSE.txt': 'MIT',
    });
    const { snapshot, problems } = await indexed(folder);
    const texts = await snapshot.items('text');
    expect(texts.map(({ id, text }) => [id, text]).slice(0, 2)).toEqual([
      ['meta/pairs.csv#1:caption', 'a "red" dog,\nrunning'],
      ['meta/pairs.csv#2:caption', 'null'],
    ]);
    expect((await snapshot.pairs({ first: 'text', second: 'image' })).map(({ key }) => key)).toEqual(['1', '2', '9']);
    expect(inShort(problems).filter((problem) => !problem.startsWith('exact'))).toEqual([
      'missing-file meta/pairs.csv#3',
      'outside-root meta/pairs.csv#4',
      'outside-root meta/pairs.csv#5',
      'outside-root meta/pairs.csv#6',
      'bad-row meta/pairs.csv#7',
      'bad-row meta/pairs.csv#8',
      'missing-counterpart images/unlisted.png',
      'split-leak images/a.png',
      'missing-text meta/pairs.csv#2:caption',
      'absent-class .',
      'not-part-of-layout LICENSE.txt',
    ]);
    expect(problems.map(({ sentence }) => sentence).join('\n')).toContain(
      'images/a.png stands in rows of the splits test and train: a leak',
    );
  });

  it('makes an item of each element of a list in a cell, of paths as of texts', async () => {
    const row = (cells: object): string => `${JSON.stringify({ id: '1', ...cells })}\n`;
    const folder = await placeWith({
      'pairlab.yaml': yaml.replace('pairs.csv', 'pairs.jsonl').replace(/ {2}(class|split): .*\n/g, ''),
      'meta/pairs.jsonl':
        row({ image: ['a.png', 'b.png'], caption: 'both' }) +
        row({ image: 'a.png', caption: ['one', '', 'three'] }) +
        row({ image: ['../../x.png'], caption: '[laughs] not a list' }) +
        row({ image: 'a.png', caption: [] }),
      'images/a.png': await picture(1),
      'images/b.png': await picture(2),
    });
    const { snapshot, problems } = await indexed(folder);
    const pairs = await snapshot.pairs({ first: 'image', second: 'text' });
    expect(pairs.map(({ first, second }) => [first.item, second.item]).toSorted()).toEqual([
      ['images/a.png', 'meta/pairs.jsonl#1:caption'],
      ['images/a.png', 'meta/pairs.jsonl#2:caption[0]'],
      ['images/a.png', 'meta/pairs.jsonl#2:caption[2]'],
      ['images/b.png', 'meta/pairs.jsonl#1:caption'],
    ]);
    const texts = await snapshot.items('text');
    expect(texts.map(({ text }) => text)).toEqual(['both', 'one', 'three', '[laughs] not a list']);
    expect(problems.map(({ sentence }) => sentence)).toEqual([
      'meta/pairs.jsonl, row 3 (line 3) names "../../x.png", which is outside the root: it was not opened. Copy the file below the root.',
      'meta/pairs.jsonl, row 2 (line 2) has nothing in "caption"[1]: fill it in or shorten the list.',
      'meta/pairs.jsonl, row 4 (line 4) has nothing in the column "caption": fill it in.',
    ]);
  });

  it('says of files that it leaves out by their place that they are left out', async () => {
    const folder = await placeWith({
      'pairlab.yaml': yaml.replace('meta/pairs.csv', 'pairs.csv').replace(', folder: images', ''),
      'pairs.csv':
        'id,image,caption,class,split\n1,.h/a.png,x,c,t\n2,i/node_modules/b.png,y,c,t\n3,gone.png,z,c,t\n4,d.png,w,c,t\n',
      '.h/a.png': await picture(1),
      'i/node_modules/b.png': await picture(2),
      'd.png': await picture(3),
    });
    const { problems } = await indexed(folder);
    expect(problems.filter(({ kind }) => kind === 'missing-file').map(({ sentence }) => sentence)).toEqual([
      'pairs.csv#1 names .h/a.png, but hidden names and folders such as node_modules are left out: move the file.',
      'pairs.csv#2 names i/node_modules/b.png, but hidden names and folders such as node_modules are left out: move the file.',
      'pairs.csv#3 names gone.png, but there is no such file: restore it or delete the row.',
    ]);
  });

  it('names missing columns and those that are there', async () => {
    const folder = await placeWith({ 'pairlab.yaml': yaml, 'meta/pairs.csv': 'id;picture;caption;split\n1;a;b;c\n' });
    await expect(indexed(folder)).rejects.toThrow(
      /has no columns "image" and "class"; it has id, picture, caption and split\. Correct the dataset file\.$/,
    );
  });

  it('names the line of a JSONL row that is not JSON, and reads on', async () => {
    const folder = await placeWith({
      'pairlab.yaml': yaml.replace('pairs.csv', 'pairs.jsonl'),
      'meta/pairs.jsonl':
        '{"id":"1","image":"a.png","caption":"x","class":"dog","split":"train"}\n\n{"id": broken\n[1]\n',
      'images/a.png': await picture(1),
    });
    const { problems } = await indexed(folder);
    expect(problems.map(({ sentence }) => sentence)).toEqual([
      'meta/pairs.jsonl, row 2 (line 3) is not JSON.',
      'meta/pairs.jsonl, row 3 (line 4) is not a JSON object.',
    ]);
  });

  it('names the row from which an open quote swallows the rest', async () => {
    const folder = await placeWith({
      'pairlab.yaml': yaml,
      'meta/pairs.csv':
        'id,image,caption,class,split\n1,a.png,x,dog,train\n2,b.png,"y,dog,train\n3,c.png,z,dog,train\n',
      'images/a.png': await picture(1),
    });
    const { problems } = await indexed(folder);
    expect(problems.map(({ sentence }) => sentence)).toEqual([
      'meta/pairs.csv, row 2 (line 3) opens a quote that is never closed, so nothing from here on was read.',
    ]);
  });
});

describe('problems of media', () => {
  it('are named by kind, and such items stay out of what learning reads', async () => {
    const folder = await placeWith({
      'pairlab.yaml': BY_STEM,
      'images/text.png': 'I am text',
      'audio/text.wav': sound({ samples: [1] }),
      'images/zero.png': await picture(3),
      'audio/zero.wav': '',
      'images/mp4.png': await picture(4),
      'audio/mp4.m4a': '\0\0\0\x18ftypM4A \0\0\0\0',
      'images/good.png': await picture(5),
      'audio/good.wav': sound({ samples: [2] }),
    });
    const { snapshot, problems } = await indexed(folder);
    expect(inShort(problems)).toEqual([
      'unreadable-media images/text.png',
      'empty-item audio/zero.wav',
      'unsupported-format audio/mp4.m4a',
    ]);
    expect((await snapshot.pairs(IMAGE_AUDIO)).map(({ key }) => key)).toEqual(['good']);
    const { total, rows } = await snapshot.page({ withProblems: true }, 0, 10);
    expect([total, rows.map(({ key }) => key)]).toEqual([3, ['mp4', 'text', 'zero']]);
  });

  it('include copies, and say so when they leak between splits', async () => {
    const same = await picture(1);
    const folder = await placeWith({
      'pairlab.yaml': BY_STEM.replaceAll('/{stem}', '/{split}/{stem}'),
      'images/train/a.png': same,
      'images/test/b.png': same,
      'audio/train/a.wav': sound({ samples: [1] }),
      'audio/test/b.wav': sound({ samples: [2] }),
    });
    const { problems } = await indexed(folder);
    expect(inShort(problems)).toEqual(['split-leak images/train/a.png', 'exact-duplicate images/train/a.png']);
    expect(problems[0]?.sentence).toContain('stands in the splits train and test, there as images/test/b.png');
  });

  it('include files that vanish while they are read', async () => {
    const folder = await placeWith({
      'pairlab.yaml': BY_STEM,
      'images/a.png': await picture(1),
      'audio/a.wav': sound(),
    });
    const dataset = await loadDataset(folder);
    const { summary } = await indexDataset(
      dataset,
      {},
      {
        progress: ({ stage, total }) => {
          if (stage === 'listing files' && total !== undefined) unlinkSync(join(folder, 'audio/a.wav'));
        },
      },
    );
    expect(summary.problems).toEqual({ 'missing-file': 1 });
  });
});

describe('a place without items', () => {
  it('is refused with what is there and what to do', async () => {
    const folder = await placeWith({ 'pairlab.yaml': BY_STEM, 'notes.md': 'x' });
    await expect(indexed(folder)).rejects.toThrow(InputError);
    await expect(indexed(folder)).rejects.toThrow(/There is no item of test below .* \(1 files\)\. Correct "root"/);
  });

  it('is refused with the problems that were found', async () => {
    const shard = Buffer.alloc(2000, 'x');
    const folder = await placeWith({
      'pairlab.yaml':
        'name: test\npairing: { layout: webdataset, shards: a.tar, items: { image: [png], text: [txt] }, strength: strong }\n',
      'a.tar': shard,
    });
    await expect(indexed(folder)).rejects.toThrow(/\(1 files\)\. a\.tar .*\. Correct "root" or "pairing"/);
  });

  it('is refused when the root is no folder', async () => {
    const folder = await placeWith({ 'pairlab.yaml': `root: nowhere\n${BY_STEM}` });
    await expect(indexed(folder)).rejects.toThrow(/the root .*nowhere is not a folder/);
  });
});
