import { describe, expect, it } from 'vitest';
import { problemsOf } from './staged.ts';

const inShort = (problems: readonly { severity: string; sentence: string }[]): string[] =>
  problems.map(({ severity, sentence }) => `${severity}: ${sentence}`);

describe('split leaks', () => {
  it('are errors for the same picture or sound in several splits; the copies outside the first split can be excluded', async () => {
    const problems = await problemsOf('split-leak', {
      items: [
        { id: 'a.png', sha256: 'one', split: 'test' },
        { id: 'b.png', sha256: 'one', split: 'train' },
        { id: 'c.png', sha256: 'one', split: 'train' },
        { id: 'd.png', sha256: 'two', split: 'train' },
        { id: 'e.png', sha256: 'two', split: 'train' },
        { id: 'f.png', sha256: 'two' },
      ],
    });
    expect(problems).toEqual([
      {
        kind: 'split-leak',
        severity: 'error',
        where: 'b.png',
        sentence:
          'b.png stands in the splits train and test, there as a.png: what is tested was seen in training. Keep it in one split.',
        items: ['b.png', 'c.png', 'a.png'],
        fix: { title: 'Exclude a.png', exclude: ['a.png'] },
      },
    ]);
  });

  it('are information for equal texts', async () => {
    const problems = await problemsOf('split-leak', {
      items: [
        { id: 'p.csv#1:text', text: 'a dog', split: 'train' },
        { id: 'p.csv#2:text', text: 'A dog', split: 'test' },
      ],
    });
    expect(inShort(problems)).toEqual([
      'information: The text of p.csv#1:text stands in the splits train and test, there as p.csv#2:text: leave it when it is meant.',
    ]);
    expect(problems[0]?.fix).toBeUndefined();
  });

  it('are warnings for pictures that are nearly the same, but not for such texts', async () => {
    const bands = ['0:ffff'];
    const problems = await problemsOf('split-leak', {
      items: [
        { id: 'a.png', sha256: 'a', signature: 'ffff000000000000', bands, split: 'train' },
        { id: 'b.png', sha256: 'b', signature: 'ffff000000000000', bands, split: 'test' },
        { id: 'a.txt', sha256: 'a', signature: 'ffff000000000000', bands, split: 'train' },
        { id: 'b.txt', sha256: 'b', signature: 'ffff000000000000', bands, split: 'test' },
      ],
    });
    expect(inShort(problems)).toEqual([
      'warning: a.png stands in the splits train and test, there nearly the same as b.png: what is tested was seen in training. Keep them in one split.',
    ]);
  });

  it('are warnings for a source in several splits, which concern the fewest items that would have to move', async () => {
    const of = (source: string, split: string, ...names: string[]) =>
      names.map((name) => ({ id: `${name}.wav`, sha256: name, source, split }));
    const problems = await problemsOf('split-leak', {
      items: [
        ...of('george', 'test', 'a', 'b'),
        ...of('george', 'train', 'c', 'd', 'e'),
        ...of('lucas', 'train', 'f'),
        ...of('theo', 'test', 'g'),
      ],
    });
    expect(inShort(problems)).toEqual([
      'warning: The source george stands in the splits train (3 items) and test (2 items): what is tested was heard or seen in training. Keep each source in one split.',
    ]);
    expect(problems[0]?.items).toEqual(['a.wav', 'b.wav']);
  });
});
