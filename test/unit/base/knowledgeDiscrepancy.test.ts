import { describe, expect, it } from 'vitest';
import { knowledgeDiscrepancy } from '../../../src/base/knowledgeDiscrepancy.ts';
import { fromRows } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';
import { mean } from '../../../src/base/statistics.ts';

const CLASSES = 3;
const labels = Array.from({ length: 60 }, (_, row) => row % CLASSES);
/** Of 5 source classes, 4, 2 and 0 get most of the probability of the three target classes. */
const probabilities = labels.map((label) => [0, 1, 2, 3, 4].map((k) => (k === 4 - 2 * label ? 0.8 : 0.05)));
const discrepancy = (rows: number[][], of: readonly number[]) => knowledgeDiscrepancy(fromRows(rows), of, CLASSES, 1);

describe('the knowledge discrepancy', () => {
  it('is the probability that the best renaming leaves over', () => {
    const { value, matched } = discrepancy(probabilities, labels);
    expect(value).toBeCloseTo(0.2, 6);
    expect([...matched]).toEqual([4, 2, 0]);
  });

  it('does not change when source classes or target classes are renamed', () => {
    const renamed = probabilities.map((row) => [3, 0, 4, 1, 2].map((k) => row[k] ?? 0));
    expect(discrepancy(renamed, labels).value).toBeCloseTo(0.2, 6);
    const turned = labels.map((label) => (label + 1) % CLASSES);
    expect(discrepancy(probabilities, turned).value).toBeCloseTo(0.2, 6);
  });

  it('rises when the labels of half of the items are shuffled, and is at chance when all are', () => {
    const random = Random.of(2);
    const half = [...labels.slice(0, 30), ...random.shuffle(labels.slice(30))];
    const all = discrepancy(probabilities, random.shuffle(labels));
    expect(discrepancy(probabilities, half).value).toBeGreaterThan(0.35);
    expect(all.value).toBeGreaterThan(discrepancy(probabilities, half).value);
    expect(Math.abs(all.value - mean(all.shuffled))).toBeLessThan(0.1);
  });
});
