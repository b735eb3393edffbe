import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/base/errors.ts';
import { writeParquet } from '../../../../src/base/table.ts';
import { huggingFaceFolder } from '../../../../src/dataset/formats/huggingFaceFolder.ts';
import { zipOf } from '../../container/zipOf.ts';
import { type Files, placeWith } from '../place.ts';
import { type Found, faults, inWords, media, proposed, readFiles, readFormat } from './read.ts';

const CAPTIONS = {
  layout: 'hugging-face-folder' as const,
  items: { image: ['file_name'], text: ['text'] },
  strength: 'strong' as const,
};

function read(files: Files, pairing: object = {}): Promise<Found> {
  return readFiles(huggingFaceFolder, { ...CAPTIONS, ...pairing }, files);
}

function dropped({ problems }: Found): string[] {
  return problems.filter(({ kind }) => kind === 'dropped-by-hugging-face').map(({ sentence }) => String(sentence));
}

describe('a Hugging Face folder', () => {
  it('links the file and the text of each row', async () => {
    const found = await read({
      'metadata.csv': 'file_name,text\na.png,"A dog, barking"\nsub/b.png,A cat\n',
      'a.png': '',
      'sub/b.png': '',
      'README.md': '# Pictures',
    });
    expect(inWords(found)).toEqual([
      'a.png — metadata.csv#1:text: A dog, barking',
      'sub/b.png — metadata.csv#2:text: A cat',
    ]);
    expect(found.pairs.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(found.claims).toEqual(['README.md', 'metadata.csv']);
    expect(found.problems).toEqual([]);
  });

  it('reads metadata of every format in every folder, relative to that folder', async () => {
    const root = await placeWith({
      'train/metadata.jsonl':
        '\uFEFF{"file_name": "x/1.png", "text": "one"}\n\n{"file_name": "2.png", "text": "two"}\n',
      'test/metadata.csv': 'text;file_name\r\nthree;3.png\r\n',
    });
    await writeParquet(join(root, 'dev/metadata.parquet'), { file_name: 'text', text: 'text' }, [
      { file_name: '4.png', text: 'four' },
    ]);
    const found = await readFormat(huggingFaceFolder, CAPTIONS, root);
    expect(inWords(found)).toEqual([
      'dev/4.png — dev/metadata.parquet#1:text: four',
      'test/3.png — test/metadata.csv#1:text: three',
      'train/x/1.png — train/metadata.jsonl#1:text: one',
      'train/2.png — train/metadata.jsonl#2:text: two',
    ]);
    expect(found.pairs.map(({ split }) => split)).toEqual(['validation', 'test', 'train', 'train']);
    expect(dropped(found)).toEqual([
      'Hugging Face `datasets` would not load this folder: its splits need different loaders: train (json) and validation (parquet). PairLab reads it all the same.',
    ]);
  });

  it('takes several columns, lists and nested columns as several items of one row', async () => {
    const row = {
      input_file_name: 'a.png',
      views: [{ file_name: 'b.png' }, { file_name: 'c.png' }],
      audio_file_names: ['a.wav', 'b.wav'],
      captions: ['one', 'two'],
    };
    const found = await read(
      { 'metadata.jsonl': JSON.stringify(row) },
      { items: { image: ['input_file_name', 'views.file_name'], audio: ['audio_file_names'], text: ['captions'] } },
    );
    expect(media(found)).toEqual(['a.png', 'a.wav', 'b.png', 'b.wav', 'c.png']);
    expect(found.items.filter(({ modality }) => modality === 'text').map(({ id, text }) => [id, text])).toEqual([
      ['metadata.jsonl#1:captions[0]', 'one'],
      ['metadata.jsonl#1:captions[1]', 'two'],
    ]);
    expect(found.pairs).toHaveLength(3 * 2 + 3 * 2 + 2 * 2);
    expect(new Set(found.pairs.map(({ key }) => key)).size).toBe(16);
    expect(found.pairs.filter(({ firstModality, secondModality }) => firstModality === secondModality)).toEqual([]);
  });

  it('reads a list of names that stands as JSON in a cell', async () => {
    const found = await read(
      { 'metadata.csv': 'file_names,text\n"[""a.png"", ""b.png""]",both\n[c].png,one\n' },
      { items: { image: ['file_names'], text: ['text'] } },
    );
    expect(media(found)).toEqual(['[c].png', 'a.png', 'b.png']);
  });

  it('takes class, split and source from columns', async () => {
    const found = await read(
      { 'train/metadata.csv': 'file_name,text,label,fold,who\na.png,A,cat,test,x\nb.png,B,,,\n' },
      { class: 'label', split: 'fold', source: 'who' },
    );
    expect(found.items[0]).toMatchObject({ class: 'cat', split: 'test', source: 'x' });
    expect(found.pairs).toMatchObject([{ class: 'cat', split: 'test' }, { split: 'train' }]);
  });

  it('takes the split of each file from its path, wherever the metadata lies', async () => {
    const found = await read({
      'metadata.csv': 'file_name,text\ntrain/a.png,A\ntest/b.png,B\n',
      'train/a.png': '',
      'test/b.png': '',
    });
    expect(found.pairs.map(({ split }) => split)).toEqual(['train', 'test']);
    expect(dropped(found)).toEqual([
      'Hugging Face `imagefolder` drops 1 file without a split in the path, though others name one: metadata.csv. PairLab keeps it.',
    ]);
  });

  it('lets the README decide the splits', async () => {
    const found = await read({
      'README.md':
        '---\nconfigs:\n- config_name: default\n  data_files:\n  - {split: held_out, path: "b/*"}\n  - {split: train, path: "a/**"}\n---\n',
      'a/metadata.csv': 'file_name,text\n1.png,A\n',
      'b/metadata.csv': 'file_name,text\n2.png,B\n',
      'a/1.png': '',
      'b/2.png': '',
    });
    expect(found.pairs.map(({ split }) => split)).toEqual(['train', 'held_out']);
  });

  it('never opens what lies outside the root', async () => {
    const names = ['../../x.png', '/etc/passwd', 'file:///etc/passwd', 'C:\\x.png', 'a\\..\\b.png', '..\\x.png'];
    const lines = names.map((name) => JSON.stringify({ file_name: name, text: 't' }));
    const found = await read({ 'in/metadata.jsonl': lines.join('\n') });
    expect(media(found)).toEqual(['in/b.png', 'x.png']);
    expect(faults(found).filter((fault) => fault.startsWith('outside'))).toEqual([
      'outside-root in/metadata.jsonl#1',
      'outside-root in/metadata.jsonl#2',
      'outside-root in/metadata.jsonl#3',
      'outside-root in/metadata.jsonl#4',
    ]);
  });

  it('names rows that cannot be read or lack something, and keeps what they have', async () => {
    const found = await read({
      'metadata.jsonl':
        '{"file_name": "a.png", "text": "A"}\n{"file_name": \n[1]\n{"text": "B"}\n{"file_name": "c.png", "text": ""}\n',
    });
    expect(faults(found)).toEqual([
      'bad-row metadata.jsonl#2',
      'bad-row metadata.jsonl#3',
      'bad-row metadata.jsonl#4',
      'bad-row metadata.jsonl#5',
      'dropped-by-hugging-face metadata.jsonl',
    ]);
    expect(found.problems[4]?.sentence).toBe(
      'Hugging Face refuses the folder because of row 2 of metadata.jsonl, which cannot be read. PairLab leaves out such rows only.',
    );
    expect(found.problems[2]?.sentence).toBe(
      'metadata.jsonl, row 4 (line 4) has nothing in the column "file_name": fill it in.',
    );
    expect(media(found)).toEqual(['a.png', 'c.png']);
  });

  it('keeps words that pandas reads as missing and names that it reads as numbers, and says so', async () => {
    const found = await read({
      'metadata.csv': 'file_name,text\n0001,null\n0002,fine\n0003,NA\n',
      '0001': '',
    });
    expect(found.items.map(({ id, text }) => text ?? id)).toEqual(['0001', 'null', '0002', 'fine', '0003', 'NA']);
    expect(dropped(found)).toContainEqual(
      'Hugging Face reads 2 cells of "text" in metadata.csv as missing, such as those of rows 1 and 3. PairLab keeps the words as they are written.',
    );
    expect(dropped(found)).toContainEqual(
      'Hugging Face reads all of "file_name" in metadata.csv as numbers and then finds no file name: it refuses the folder. PairLab keeps them as names.',
    );
  });

  it('names the files that no row names, which Hugging Face leaves out', async () => {
    const found = await read({
      'metadata.csv': 'file_name,text\na.png,A\n',
      'a.png': '',
      'b.png': '',
      'c.png': '',
      'notes.pdf': '',
    });
    expect(dropped(found)).toEqual([
      'Hugging Face `imagefolder` drops 1 file of another kind than this loader reads: notes.pdf. PairLab has no item there either.',
      'Hugging Face `imagefolder` drops 2 files that no row of the metadata names: b.png and c.png. PairLab has no item there either.',
    ]);
  });

  it('warns of metadata files with different columns', async () => {
    const found = await read({
      'a/metadata.csv': 'file_name,text\n1.png,A\n',
      'b/metadata.csv': 'file_name,text,label\n2.png,B,x\n',
    });
    expect(found.problems.filter(({ kind }) => kind === 'mixed-fields').map(({ where }) => where)).toEqual([
      'b/metadata.csv',
    ]);
  });

  it('reads metadata and media of a zip archive where they lie', async () => {
    const found = await read({
      'train.zip': zipOf({
        'in/metadata.csv': 'file_name,text\na.png,A\nb.png,B\n../../c.png,C\n',
        'in/a.png': 'x',
        'in/d.png': 'x',
      }),
      'other.zip': zipOf({ 'a.png': 'x' }),
      'broken.zip': 'no archive',
    });
    expect(inWords(found)).toEqual(['train.zip#in/a.png — train.zip/in/metadata.csv#1:text: A']);
    expect(found.items[0]).toMatchObject({ path: 'train.zip', member: 'in/a.png' });
    expect(found.pairs).toMatchObject([{ key: 'a', split: 'train' }]);
    expect(found.claims).toEqual(['broken.zip', 'other.zip', 'train.zip']);
    expect(faults(found).filter((fault) => !fault.startsWith('dropped'))).toEqual([
      'missing-file train.zip/in/metadata.csv#2',
      'outside-root train.zip/in/metadata.csv#3',
      'not-part-of-layout train.zip',
      'broken-archive broken.zip',
      'not-part-of-layout other.zip',
    ]);
  });

  it('says of an archive without metadata that Hugging Face takes all of it, media or not', async () => {
    const found = await read({
      'all.zip': zipOf({ 'A.JPG': 'x', 'notes.txt': 'x' }),
      'metadata.csv': 'file_name,text\nA.JPG,A\nb.png,B\n',
      'b.png': 'x',
    });
    expect(inWords(found)).toContain('b.png — metadata.csv#2:text: B');
    expect(found.problems.find(({ where }) => where === 'all.zip')?.['sentence']).toBe(
      'all.zip holds 2 files but no metadata file, and metadata beside it does not reach into it: unpack it. Hugging Face would take each of them for an item, media or not.',
    );
  });

  it('takes media in an archive whatever the case of their extension is', async () => {
    const table = 'file_name,text\nA.JPG,A\n';
    const found = await read({ 'a.zip': zipOf({ 'metadata.csv': table, 'A.JPG': 'x', 'notes.txt': 'x' }) });
    expect(inWords(found)).toEqual(['a.zip#A.JPG — a.zip/metadata.csv#1:text: A']);
    expect(found.problems.find(({ where }) => where === 'a.zip')?.['sentence']).toContain('such as notes.txt');
  });

  it('refuses a folder without metadata, and columns that name no files', async () => {
    await expect(read({ 'metadata1.csv': 'file_name,text\n', 'metadata.JSONL': '' })).rejects.toThrow(InputError);
    expect(() => huggingFaceFolder.schema.parse({ ...CAPTIONS, items: { image: ['path'], text: ['text'] } })).toThrow(
      /file_name/,
    );
  });

  it('survives any metadata and accounts for every row', async () => {
    const line = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ file_name: fc.oneof(fc.string(), fc.integer(), fc.constant(null)), text: fc.anything() })
        .map((row) => JSON.stringify(row) ?? ''),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (lines) => {
        const text = lines.map((entry) => entry.replaceAll('\n', ' ')).join('\n');
        const found = await read({ 'metadata.jsonl': text });
        const rows = text.split('\n').filter((entry) => entry.trim() !== '').length;
        const seen = new Set([...found.problems.map(({ where }) => where), ...found.items.map(({ named }) => named)]);
        for (let row = 1; row <= rows; row++) expect(seen).toContain(`metadata.jsonl#${row}`);
      }),
      { numRuns: 30 },
    );
  });
});

describe('proposing a Hugging Face folder', () => {
  it('finds columns of files, texts, class and split', async () => {
    const rows = Array.from(
      { length: 8 },
      (_, index) => `${index}.png,A sentence of several words ${index},${index % 2 ? 'cat' : 'dog'}`,
    );
    const files = Object.fromEntries(rows.map((_, index) => [`data/${index}.png`, '']));
    expect(
      await proposed(huggingFaceFolder, {
        'data/metadata.csv': `file_name,caption,label\n${rows.join('\n')}`,
        ...files,
      }),
    ).toEqual([
      {
        layout: 'hugging-face-folder',
        items: { image: ['file_name'], text: ['caption'] },
        class: 'label',
        strength: 'strong',
      },
    ]);
  });

  it('finds pictures and sounds of one row, in lists and objects', async () => {
    const row = { image_file_name: 'a.png', sounds: [{ file_name: 'a.wav' }] };
    expect(
      await proposed(huggingFaceFolder, { 'metadata.jsonl': JSON.stringify(row), 'a.png': '', 'a.wav': '' }),
    ).toMatchObject([{ items: { image: ['image_file_name'], audio: ['sounds.file_name'] } }]);
  });

  it('proposes nothing without metadata, links or a second modality', async () => {
    expect(await proposed(huggingFaceFolder, { 'a.png': '', 'data.csv': 'file_name,text\na.png,A' })).toEqual([]);
    expect(await proposed(huggingFaceFolder, { 'metadata.csv': 'name,text\na,A' })).toEqual([]);
    expect(await proposed(huggingFaceFolder, { 'metadata.csv': 'file_name\na.png', 'a.png': '' })).toEqual([]);
    expect(await proposed(huggingFaceFolder, { 'metadata.parquet': 'no parquet' })).toEqual([]);
  });
});
