import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { AlignmentReport } from '../../../src/protocol.ts';
import { numberOf } from '../alignment/measured.ts';
import { npyRows } from '../container/arraysOf.ts';
import { addFiles, placeWith } from '../dataset/place.ts';
import { Indexed, pairlab, Running } from './pairlab.ts';

const PAIRS = 80;
const WRONG = [5, 6, 7, 8];

/** Two noisy views of one thing; the second ones of some pairs are exchanged in a ring. */
async function folderWithWrongPairs(): Promise<string> {
  const random = Random.of(2, 'views');
  const images = Array.from({ length: PAIRS }, () => Array.from({ length: 5 }, () => random.normal()));
  const texts = images.map((row) => row.map((value) => value + 0.05 * random.normal()));
  const ring = WRONG.map((row) => texts[row] ?? []);
  for (const [at, row] of WRONG.entries()) texts[row] = ring[(at + 1) % ring.length] ?? [];
  const folder = await placeWith({ 'image.npy': npyRows(images), 'text.npy': npyRows(texts) });
  expect((await new Running('init', folder).ended).code).toBe(0);
  await pairlab(Indexed, 'index', folder);
  return folder;
}

describe('pairlab align', () => {
  it('says how well the ranking finds pairs that are known to be wrong', async () => {
    const folder = await folderWithWrongPairs();
    const first = await pairlab(AlignmentReport, 'align', folder, '--space', 'shared');
    expect(first).not.toHaveProperty('known');
    const keys = first.suspicious.slice(0, WRONG.length).map(({ key }) => key);
    await addFiles(folder, { 'wrong.txt': `${keys.join('\r\n')}\r\n` });
    const args = ['align', folder, '--space', 'shared', '--wrong', join(folder, 'wrong.txt')];
    const { known } = await pairlab(AlignmentReport, ...args);
    expect(known).toMatchObject({ wrong: WRONG.length, averagePrecision: 1 });
    expect(known?.precision).toEqual([
      { among: 1, share: 1 },
      { among: 2, share: 1 },
      { among: 4, share: 1 },
      { among: 8, share: 0.5 },
    ]);
    expect((await new Running(...args).ended).stdout).toContain('4 are known to be wrong');

    const missing = await new Running(...args.slice(0, -1), join(folder, 'none.txt')).ended;
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toContain('Name one that lists the wrong pairs');
    await addFiles(folder, { 'wrong.txt': 'nobody\n' });
    expect((await new Running(...args).ended).stderr).toContain('names no pair of');
  });

  it('puts exchanged pairs first', async () => {
    const report = await pairlab(AlignmentReport, 'align', await folderWithWrongPairs(), '--space', 'shared');
    const first = report.suspicious.slice(0, WRONG.length).map(({ key }) => key);
    expect(first.toSorted()).toEqual(WRONG.map((row) => `image.npy#${row + 1}`));
  });

  it('writes the report for reading, as a table of all pairs, and as data', async () => {
    const folder = await folderWithWrongPairs();
    const write = async (name: string): Promise<string> => {
      const file = join(folder, name);
      const { code, stderr } = await new Running('align', folder, '--space', 'shared', '--output', file).ended;
      expect(stderr).not.toContain('Error');
      expect(code).toBe(0);
      return await readFile(file, 'utf8');
    };
    const report = AlignmentReport.parse(JSON.parse(await write('report.json')));
    expect(report.suspicious).toHaveLength(PAIRS);
    const recall = numberOf(report.forward?.measures.recall1);

    const [header, ...rows] = (await write('report.csv')).trimEnd().split('\n');
    expect(rows).toHaveLength(PAIRS);
    expect(header?.split(',')).toEqual(expect.arrayContaining(['key', 'similarity', 'margin', 'mismatch']));

    const markdown = await write('report.md');
    expect(markdown).toMatch(/^# /);
    expect(markdown).toContain(`| ${(100 * recall).toFixed(1)} %`);

    const html = await write('report.html');
    expect(html).toContain('<!doctype html>');
    expect(html).toContain(`${(100 * recall).toFixed(1)} %`);
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(html).not.toContain('<script');
  });
});
