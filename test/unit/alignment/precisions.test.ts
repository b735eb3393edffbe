import { describe, expect, it } from 'vitest';
import { isMeasured } from '../../../src/alignment/metrics/measured.ts';
import type { PairedVectors } from '../../../src/alignment/pairedVectors.ts';
import { classPrecisions } from '../../../src/alignment/precisions.ts';
import { asUnits } from '../../../src/alignment/products/rows.ts';
import { fromRows, type Matrix, sharedZeros } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';
import { mean } from '../../../src/base/statistics.ts';
import { inThisThread } from './inThisThread.ts';

const SIZES = { cat: 20, dog: 8, owl: 3 };

function pairsOf(classes: readonly (string | undefined)[], first: Matrix, second: Matrix): PairedVectors {
  const itemOf = Uint32Array.from(classes.keys());
  const pairs = classes.map((own, pair) => ({
    id: `p${pair}`,
    key: `p${pair}`,
    first: { modality: 'image' as const, item: `i${pair}` },
    second: { modality: 'audio' as const, item: `a${pair}` },
    ...(own !== undefined && { class: own }),
    strength: 'strong' as const,
    problems: 0,
    excluded: false,
  }));
  return { pairs, first, second, firstOf: itemOf, secondOf: itemOf };
}

async function precisionsOf(data: PairedVectors) {
  const mapped = { first: asUnits({ matrix: data.first }), second: asUnits({ matrix: data.second }) };
  return await classPrecisions(inThisThread, data, mapped, 0, {});
}

async function measured(data: PairedVectors) {
  const found = await precisionsOf(data);
  if (!isMeasured(found)) throw new Error(found.reason);
  return found;
}

function drawn(rows: number, random: Random): Matrix {
  const matrix = sharedZeros(rows, 6);
  for (let at = 0; at < matrix.data.length; at++) matrix.data[at] = random.normal();
  return matrix;
}

const classes = Object.entries(SIZES).flatMap(([name, count]) => Array<string>(count).fill(name));

describe('average precision by class', () => {
  it('is 1 where each class has a direction of its own', async () => {
    const corners = classes.map((own) => ['cat', 'dog', 'owl'].map((name) => Number(name === own)));
    const matrix = fromRows(corners);
    const { forward, backward } = await measured(pairsOf(classes, matrix, matrix));
    for (const { values } of [forward, backward]) {
      expect(values).toHaveLength(classes.length);
      expect(mean(values)).toBeCloseTo(1, 12);
    }
  });

  it('is at its chance level for unrelated vectors, whatever the sizes of the classes', async () => {
    const random = Random.of(3, 'unrelated');
    const [means, chances]: [number[], number[]] = [[], []];
    for (let draw = 0; draw < 150; draw++) {
      const [first, second] = [drawn(classes.length, random), drawn(classes.length, random)];
      const { forward } = await measured(pairsOf(classes, first, second));
      means.push(mean(forward.values));
      chances.push(forward.chance);
    }
    expect(new Set(chances).size).toBe(1);
    expect(Math.abs(mean(means) - mean(chances))).toBeLessThan(0.01);
    // The share of the class among the candidates, averaged over the pairs, is less: early ranks count more.
    const shares = mean(classes.map((own) => classes.filter((other) => other === own).length / classes.length));
    expect(mean(chances)).toBeGreaterThan(shares + 0.03);
  });

  it.each([
    [['cat', 'cat', 'cat', 'cat'], 'All pairs are of one class, so every order of the items is as good.'],
    [['cat', 'dog', undefined, 'cat'], 'Some pairs have no class.'],
    [[undefined, undefined, undefined, undefined], 'The pairs have no classes.'],
  ])('of %j is not measured, with a reason', async (own, reason) => {
    const matrix = drawn(4, Random.of(1));
    expect(await precisionsOf(pairsOf(own, matrix, matrix))).toEqual({ reason });
  });
});
