import { describe, expect, it } from 'vitest';
import { coco } from '../../../../src/dataset/formats/coco.ts';
import { table } from '../../../../src/dataset/formats/table.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

const CSV = 'image,text,note\na.png,Gänse 雁,x\nb.png,zwei,y\n';
const JSONL = '{"image":"a.png","text":"Gänse 雁"}\n{"image":"b.png","text":"zwei"}\n';
const MARKED = {
  'UTF-8 without a mark': (text: string) => Buffer.from(text),
  'UTF-8 with a mark': (text: string) => Buffer.from(`\uFEFF${text}`),
  'UTF-16, little end first': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16, big end first': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
};
const PICTURES = { 'a.png': 'x', 'b.png': 'x' };

function pairing(file: string) {
  return {
    layout: 'table',
    file,
    items: { image: { path: 'image' }, text: { cell: 'text' } },
    strength: 'strong',
  } as const;
}

describe.each(Object.entries(MARKED))('a table in %s', (_name, encode) => {
  it.each([
    ['pairs.csv', CSV],
    ['pairs.jsonl', JSONL],
    ['pairs.tsv', CSV.replaceAll(',', '\t')],
  ])('is proposed and read: %s', async (file, text) => {
    const files = { ...PICTURES, [file]: encode(text) };
    expect(await proposed(table, files)).toMatchObject([{ file, items: { text: { cell: 'text' } } }]);
    const found = await readFiles(table, pairing(file), files);
    expect(inWords(found)).toEqual([`a.png — ${file}#1:text: Gänse 雁`, `b.png — ${file}#2:text: zwei`]);
    expect(found.problems).toEqual([]);
  });
});

describe('a table in Latin-1', () => {
  it.each([
    ['pairs.csv', CSV, 2],
    ['pairs.jsonl', JSONL, 1],
  ])('has every row named that is no UTF-8, and keeps the others: %s', async (file, text, line) => {
    const bytes = Buffer.from(text.replace(' 雁', ''), 'latin1');
    const found = await readFiles(table, pairing(file), { ...PICTURES, [file]: bytes });
    expect(inWords(found)).toEqual([`b.png — ${file}#2:text: zwei`]);
    expect(faults(found)).toEqual([`bad-row ${file}#1`]);
    expect(found.problems[0]?.['sentence']).toBe(
      `${file}, row 1 (line ${line}) is not UTF-8 text: save the file as UTF-8 (\`iconv -f latin1 -t utf-8\` converts what Western Windows programs write).`,
    );
  });

  it('is read where only columns that nobody wants are no UTF-8, with bad rows beside or without', async () => {
    const bytes = Buffer.from('image,text,note\na.png,one,Gänse\nb.png,two,y\n', 'latin1');
    const whole = await readFiles(table, pairing('pairs.csv'), { ...PICTURES, 'pairs.csv': bytes });
    expect([whole.pairs.length, whole.problems]).toEqual([2, []]);
    const ragged = Buffer.concat([bytes, Buffer.from('a.png\n')]);
    const found = await readFiles(table, pairing('pairs.csv'), { ...PICTURES, 'pairs.csv': ragged });
    expect(found.pairs).toHaveLength(2);
    expect(faults(found)).toEqual(['bad-row pairs.csv#3']);
  });

  it('is refused where no row can be read that would tell its columns', async () => {
    const bytes = Buffer.from('{"image": "a.png", "text": "Gänse"}\n', 'latin1');
    await expect(readFiles(table, pairing('pairs.jsonl'), { ...PICTURES, 'pairs.jsonl': bytes })).rejects.toThrow(
      /The table .*pairs\.jsonl cannot be read: its line 1 is not UTF-8 text: save the file as UTF-8/,
    );
  });

  it('is refused where its header is no UTF-8', async () => {
    const bytes = Buffer.from('image,größe,text\na.png,1,one\n', 'latin1');
    await expect(readFiles(table, pairing('pairs.csv'), { ...PICTURES, 'pairs.csv': bytes })).rejects.toThrow(
      /The header of the table .*pairs\.csv is not UTF-8 text: save the file as UTF-8/,
    );
  });
});

describe('text in UTF-16', () => {
  it('that breaks off is refused with advice', async () => {
    const bytes = Buffer.from(`\uFEFF${CSV}`, 'utf16le').subarray(0, -1);
    await expect(readFiles(table, pairing('pairs.csv'), { ...PICTURES, 'pairs.csv': bytes })).rejects.toThrow(
      /begins as UTF-16 text, but is none\. Save it as UTF-8\.$/,
    );
  });

  it('is read as JSON of another layout, too', async () => {
    const json = { images: [{ id: 1, file_name: 'a.png' }], annotations: [{ id: 1, image_id: 1, caption: 'Gänse' }] };
    const files = { 'a.png': 'x', 'captions.json': Buffer.from(`\uFEFF${JSON.stringify(json)}`, 'utf16le') };
    const found = await readFiles(
      coco,
      { layout: 'coco-captions', annotations: [{ file: 'captions.json', images: '.' }] },
      files,
    );
    expect(inWords(found)).toEqual(['a.png — captions.json#1: Gänse']);
  });
});
