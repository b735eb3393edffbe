import { describe, expect, it } from 'vitest';
import { problemsOf, type StagedItem } from './staged.ts';

/** So many pictures of each class: `{ 'train/dog': 3 }`. */
function pictures(counts: Readonly<Record<string, number>>): StagedItem[] {
  return Object.entries(counts).flatMap(([place, count]) => {
    const [split, name] = place.split('/');
    return Array.from({ length: count }, (_, index) => ({ id: `${place}/${index}.png`, split, class: name }));
  });
}

describe('class imbalance', () => {
  it('is named from a ratio of ten on, with how many classes are small', async () => {
    const items = pictures({ 'train/dog': 20, 'train/cat': 2, 'test/owl': 1, 'test/cow': 12 });
    const [problem, ...others] = await problemsOf('class-imbalance', { items });
    expect(others).toEqual([]);
    expect(problem?.sentence).toBe(
      'The largest class has 20 times as many image items as the smallest: dog has 20 and owl has 1. Classes with a tenth of the largest or less: 2 of 4. Balance them, or weigh what you measure by class.',
    );
  });

  it('is none below', async () => {
    expect(await problemsOf('class-imbalance', { items: pictures({ 'train/dog': 19, 'train/cat': 2 }) })).toEqual([]);
  });
});

describe('absent classes', () => {
  it('are named for each split and each modality that lacks some', async () => {
    const items = [
      ...pictures({ 'train/dog': 1, 'train/cat': 1, 'test/dog': 1 }),
      { id: 'x.wav', class: 'cat', split: 'train' },
      { id: 'x.txt', split: 'train' },
    ];
    const problems = await problemsOf('absent-class', { items });
    expect(problems.map(({ where, sentence }) => [where, sentence])).toEqual([
      ['.', 'The split test has no item of 1 of 2 classes: cat. Divide each class among the splits.'],
      ['.', 'There is no audio item of 1 of 2 classes: dog. Add some, or leave these classes out.'],
    ]);
  });

  it('are meant where splits share no class, as few-shot learning divides them', async () => {
    const items = pictures({ 'train/dog': 1, 'train/cat': 1, 'test/owl': 1 });
    expect(await problemsOf('absent-class', { items })).toEqual([]);
  });
});

describe('a check', () => {
  it('stops when it is asked to', async () => {
    const job = { signal: AbortSignal.abort() };
    await expect(problemsOf('silent', { items: pictures({ 'train/dog': 1 }) }, job)).rejects.toThrow(
      'Stopped as asked.',
    );
  });
});
