import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { img2dataset } from '../../../../src/dataset/formats/img2dataset.ts';
import { placeWith } from '../place.ts';
import { writeParquetFile } from './parquetFile.ts';
import { faults, inWords, proposed, readFormat } from './read.ts';

const PAIRING = { layout: 'img2dataset', tables: '*.parquet', strength: 'strong' } as const;
const ROWS = `SELECT * FROM (VALUES
  ('000000000', 'success', NULL, 'A cat.', 'http://a'),
  ('000000001', 'failed_to_download', 'HTTP Error 404', 'A dog.', 'http://b'),
  ('000000002', 'success', NULL, 'A cow.', 'http://c'),
  ('000000003', 'success', NULL, '', 'http://d'),
  ('000000004', 'success', NULL, 'Lost.', 'http://e')
) AS t(key, status, error_message, caption, url)`;

async function downloaded(): Promise<string> {
  const root = await placeWith({
    '00000/000000000.jpg': 'x',
    '00000/000000000.txt': 'A cat.',
    '00000/000000000.json': '{}',
    '00000/000000002.jpg': 'x',
    '00000/000000003.jpg': 'x',
    '00000_stats.json': '{}',
  });
  await writeParquetFile(join(root, '00000.parquet'), ROWS);
  return root;
}

describe('the output of img2dataset', () => {
  it('pairs pictures with their captions and names the rows without picture', async () => {
    const found = await readFormat(img2dataset, PAIRING, await downloaded());
    expect(inWords(found)).toEqual([
      '00000/000000000.jpg — 00000/000000000.txt: undefined',
      '00000/000000002.jpg — 00000.parquet#3:caption: A cow.',
    ]);
    expect(found.pairs.map(({ key }) => key)).toEqual(['000000000', '000000002']);
    expect(faults(found)).toEqual([
      'missing-file 00000.parquet#2',
      'missing-file 00000.parquet#5',
      'missing-text 00000.parquet#4',
    ]);
    expect(found.problems[0]).toMatchObject({ severity: 'warning' });
    expect(String(found.problems[0]?.['sentence'])).toContain('failed_to_download (HTTP Error 404)');
    expect(found.claims).toEqual(['00000.parquet', '00000/000000000.json', '00000_stats.json']);
  });

  it('names tables that are damaged or of another program', async () => {
    const root = await downloaded();
    await writeParquetFile(join(root, '00001.parquet'), "SELECT 'x' AS a");
    const found = await readFormat(img2dataset, PAIRING, root);
    expect(faults(found)).toContain('broken-archive 00001.parquet');
    expect(found.pairs).toHaveLength(2);
  });

  it('is recognised by the table beside the folder of a shard', async () => {
    const root = await downloaded();
    const files = ['00000.parquet', '00000/000000000.jpg'].map((path) => ({ path, bytes: 1, modified: 0 }));
    const [candidate] = await img2dataset.propose({ root, files, refuse: () => {} }, {});
    expect(candidate?.pairing).toEqual(PAIRING);
    expect(await proposed(img2dataset, { '00000.parquet': 'x', '00000/a.jpg': 'x' })).toEqual([]);
  });
});

it('any row is a pair or is named, whatever was downloaded of it', async () => {
  const row = fc.record({
    status: fc.constantFrom('success', 'failed_to_download', "it's", null),
    caption: fc.constantFrom('A cat.', "it's 雁", '', null),
    hasPicture: fc.boolean(),
    hasText: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
      const files = rows.flatMap(({ hasPicture, hasText }, index): [string, string][] => [
        ...(hasPicture ? [[`00000/${index}.jpg`, 'x'] as [string, string]] : []),
        ...(hasText ? [[`00000/${index}.txt`, 'words'] as [string, string]] : []),
      ]);
      const root = await placeWith(Object.fromEntries(files));
      const quoted = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);
      const values = rows.map(({ status, caption }, index) => `('${index}', ${quoted(status)}, ${quoted(caption)})`);
      const sql = `SELECT * FROM (VALUES ${values.join(', ')}) AS t(key, status, caption)`;
      await writeParquetFile(join(root, '00000.parquet'), sql);
      const found = await readFormat(img2dataset, PAIRING, root);
      const keys = rows.map((_, index) => String(index));
      const pairs = keys.filter((_, index) => {
        const { hasPicture, hasText, caption } = rows[index] ?? {};
        return hasPicture && (hasText || Boolean(caption));
      });
      expect(found.pairs.map(({ key }) => key)).toEqual(pairs);
      const lost = keys.filter((key) => !pairs.includes(key)).map((key) => `00000.parquet#${Number(key) + 1}`);
      expect(found.problems.map(({ where }) => where).toSorted()).toEqual(lost.toSorted());
    }),
    { numRuns: 15 },
  );
});
