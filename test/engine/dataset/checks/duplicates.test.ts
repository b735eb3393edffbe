import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { COMPARED } from '../../../../src/dataset/checks/nearDuplicates.ts';
import { problemsOf, type StagedItem } from './staged.ts';

const sentences = (problems: readonly { sentence: string }[]): string[] => problems.map(({ sentence }) => sentence);

describe('exact duplicates', () => {
  it('are one problem for each group of copies, which keeps the first of the first split', async () => {
    const problems = await problemsOf('exact-duplicate', {
      items: [
        { id: 'a.png', sha256: 'one', split: 'test' },
        { id: 'b.png', sha256: 'one', split: 'train' },
        { id: 'c.png', sha256: 'one', split: 'validation' },
        { id: 'd.png', sha256: 'two' },
        { id: 'x.wav', sha256: 'one' },
      ],
    });
    expect(problems).toEqual([
      {
        kind: 'exact-duplicate',
        severity: 'warning',
        where: 'b.png',
        sentence: 'b.png has the same bytes as c.png and a.png: keep one.',
        items: ['b.png', 'c.png', 'a.png'],
        fix: { title: 'Exclude c.png and a.png', exclude: ['c.png', 'a.png'] },
      },
    ]);
  });

  it('are found across formats once pictures and sounds were decoded', async () => {
    const problems = await problemsOf('exact-duplicate', {
      items: [
        { id: 'a.png', sha256: 'one', decodedHash: 'p', class: 'dog' },
        { id: 'b.jpg', sha256: 'two', decodedHash: 'p', class: 'cat' },
        { id: 'c.wav', sha256: 'three', decodedHash: 's' },
        { id: 'd.wav', sha256: 'four', decodedHash: 's' },
      ],
    });
    expect(sentences(problems)).toEqual([
      'a.png has the same pixels as b.jpg, in the classes cat and dog: keep one.',
      'c.wav has the same samples as d.wav: keep one.',
    ]);
  });

  it('are information when they are texts, which are compared after normalisation, in files and in cells', async () => {
    const hash = createHash('sha256').update('a red square').digest('hex');
    const problems = await problemsOf('exact-duplicate', {
      items: [
        { id: 'a.txt', decodedHash: hash },
        { id: 'p.csv#1:text', text: ' A red\u00a0\n square' },
        { id: 'p.csv#2:text', text: 'a blue square' },
      ],
    });
    expect(problems.map(({ severity, sentence, fix }) => ({ severity, sentence, fix }))).toEqual([
      {
        severity: 'information',
        sentence: 'a.txt has the same text as p.csv#1:text: leave it when it is meant.',
        fix: undefined,
      },
    ]);
  });

  it('are not the segments of one sound, the empty items, the texts that are missing, or what a decision left out', async () => {
    const problems = await problemsOf('exact-duplicate', {
      items: [
        { id: 'a.wav#0-1', modality: 'audio', sha256: 'one', start: 0, end: 1 },
        { id: 'a.wav#1-2', modality: 'audio', sha256: 'one', start: 1, end: 2 },
        { id: 'a.png', sha256: 'none', bytes: 0 },
        { id: 'b.png', sha256: 'none', bytes: 0 },
        { id: 'c.png', sha256: 'two' },
        { id: 'd.png', sha256: 'two' },
        { id: 'p.csv#1:text', text: 'nan' },
        { id: 'p.csv#2:text', text: 'nan' },
        { id: 'p.csv#3:text', text: 'a dog' },
      ],
      pairs: [
        { first: 'c.png', second: 'p.csv#3:text' },
        { first: 'd.png', second: 'p.csv#3:text', excluded: true },
      ],
    });
    expect(problems).toEqual([]);
  });

  it('name the first five copies and count the rest', async () => {
    const items = Array.from({ length: 9 }, (_, index) => ({ id: `${index}.png`, sha256: 'one' }));
    const [problem] = await problemsOf('exact-duplicate', { items });
    expect(problem?.sentence).toBe(
      '0.png has the same bytes as 1.png, 2.png, 3.png, 4.png, 5.png and 3 more: keep one.',
    );
    expect(problem?.items).toHaveLength(9);
  });
});

describe('near-duplicates', () => {
  const picture = (id: string, signature: string, rest: Partial<StagedItem> = {}): StagedItem => ({
    id,
    sha256: id,
    signature,
    bands: [`0:${signature.slice(0, 4)}`, `1:${signature.slice(-4)}`],
    ...rest,
  });

  it('are grouped, not paired: each member is like another one', async () => {
    const problems = await problemsOf('near-duplicate', {
      items: [
        picture('a.png', 'ffff000000000000'),
        picture('b.png', 'ffff000000000007'),
        picture('c.png', 'fff1000000000007'),
        picture('d.png', 'ffff0000ffffffff'),
      ],
    });
    expect(problems).toEqual([
      {
        kind: 'near-duplicate',
        severity: 'warning',
        where: 'a.png',
        sentence: 'a.png looks nearly the same as b.png and c.png: compare them and keep one.',
        items: ['a.png', 'b.png', 'c.png'],
        fix: { title: 'Exclude b.png and c.png', exclude: ['b.png', 'c.png'] },
      },
    ]);
  });

  it('leave out copies, which are named as such, and what shows a single colour', async () => {
    const problems = await problemsOf('near-duplicate', {
      items: [
        picture('a.png', 'ffff000000000000', { sha256: 'same' }),
        picture('b.png', 'ffff000000000000', { sha256: 'same' }),
        picture('c.png', 'ffff000000000001', { spread: 0 }),
      ],
    });
    expect(problems).toEqual([]);
  });

  it('cost no more than a fixed number of comparisons each, and say when that was not all', async () => {
    const items = Array.from({ length: COMPARED + 2 }, (_, index) =>
      picture(
        `${String(index).padStart(3, '0')}.png`,
        `ffff${createHash('sha256').update(`${index}`).digest('hex').slice(0, 12)}`,
      ),
    );
    const problems = await problemsOf('near-duplicate', { items });
    expect(problems.map(({ severity, where, sentence }) => ({ severity, where, sentence }))).toEqual([
      {
        severity: 'information',
        where: '.',
        sentence:
          'Sets of more than 65 pictures that may be nearly the same: 1. Each member was compared with 64 others only, so that some near-duplicates may not be named.',
      },
    ]);
  });
});
