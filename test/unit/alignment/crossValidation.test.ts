import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossValidate, rankShared } from '../../../src/alignment/crossValidation.ts';
import type { Preview, PreviewedRanks, Ranking } from '../../../src/alignment/foldRanking.ts';
import { assignFolds, pairsWithoutSharedItems } from '../../../src/alignment/folds.ts';
import type { Direction } from '../../../src/alignment/heldOut.ts';
import { findMismatches } from '../../../src/alignment/mismatches.ts';
import type { PairedVectors } from '../../../src/alignment/pairedVectors.ts';
import { chanceLevels, summarizeRanks } from '../../../src/alignment/retrieval.ts';
import { dot, fromRows, type Matrix, rowOf, zeros } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';
import { mean } from '../../../src/base/statistics.ts';
import { inThisThread } from './inThisThread.ts';

/** Pairs of vectors that are two noisy linear views of one latent vector. */
function linearViews(count: number, noise: number, seed = 0): PairedVectors {
  const random = Random.of(seed, 'views');
  const mixing = [0, 1].map(() => Array.from({ length: 8 }, () => Array.from({ length: 16 }, () => random.normal())));
  const rows: [number[][], number[][]] = [[], []];
  for (let i = 0; i < count; i++) {
    const latent = Array.from({ length: 8 }, () => random.normal());
    for (const [side, mix] of mixing.entries()) {
      const view = Array.from({ length: 16 }, (_, c) => {
        return latent.reduce((sum, value, d) => sum + value * (mix[d]?.[c] ?? 0), 0) + noise * random.normal();
      });
      rows[side]?.push(view);
    }
  }
  return paired(fromRows(rows[0]), fromRows(rows[1]), [...Array(count).keys()], [...Array(count).keys()]);
}

function paired(
  first: Matrix,
  second: Matrix,
  firstOf: number[],
  secondOf: number[],
  classes?: string[],
): PairedVectors {
  const pairs = firstOf.map((item, pair) => ({
    id: `p${pair}`,
    key: `p${pair}`,
    first: { modality: 'image' as const, item: `i${item}` },
    second: { modality: 'audio' as const, item: `a${secondOf[pair]}` },
    ...(classes !== undefined && { class: classes[pair] ?? '' }),
    strength: classes === undefined ? ('strong' as const) : ('weak' as const),
    problems: 0,
    excluded: false,
  }));
  return { pairs, first, second, firstOf: Uint32Array.from(firstOf), secondOf: Uint32Array.from(secondOf) };
}

/** Items around the views of some class centres. */
function classViews(classes: number, count: number): PairedVectors {
  const centres = linearViews(classes, 0);
  const random = Random.of(5, 'spread');
  const classOf = Array.from({ length: count }, (_, i) => i % classes);
  const around = (matrix: Matrix) =>
    fromRows(classOf.map((of) => rowOf(matrix, of).map((value) => value + 0.3 * random.normal())));
  const indices = [...classOf.keys()];
  return paired(around(centres.first), around(centres.second), indices, indices, classOf.map(String));
}

const instance = { folds: 5, seed: 0, relevance: 'instance' } as const;

describe('assignFolds', () => {
  it('never puts an item into two folds, and every pair into one', () => {
    const items = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(items, fc.integer({ min: 2, max: 6 }), fc.nat(), (links, folds, seed) => {
        const firstOf = links.map(([first]) => first);
        const secondOf = links.map(([, second]) => second);
        const assigned = assignFolds(firstOf, secondOf, folds, Random.of(seed));
        for (const itemOf of [firstOf, secondOf]) {
          for (const item of new Set(itemOf)) {
            const of = itemOf.flatMap((other, pair) => (other === item ? (assigned.foldOf[pair] ?? -1) : []));
            expect(new Set(of).size).toBe(1);
          }
        }
        expect(new Set(assigned.foldOf).size).toBe(assigned.folds);
      }),
    );
  });

  it('makes folds of equal size when no item is shared', () => {
    const { foldOf } = assignFolds([...Array(50).keys()], [...Array(50).keys()], 5, Random.of(1));
    const sizes = [0, 1, 2, 3, 4].map((fold) => foldOf.filter((of) => of === fold).length);
    expect(sizes).toEqual([10, 10, 10, 10, 10]);
  });

  it('picks pairs without shared items in order', () => {
    expect(pairsWithoutSharedItems([0, 0, 1, 2], [0, 1, 1, 1])).toEqual([0, 2]);
  });
});

describe('crossValidate', () => {
  it('finds held-out partners of two views of the same thing', async () => {
    const { forward, backward, folds } = await crossValidate(inThisThread, linearViews(200, 0.1), instance);
    expect(folds).toBe(5);
    expect(summarizeRanks(forward.ranked).recall1).toBeGreaterThan(0.9);
    expect(summarizeRanks(backward.ranked).recall1).toBeGreaterThan(0.9);
    expect(forward.scored.map(({ pair }) => pair)).toEqual([...Array(200).keys()]);
  });

  it('is at chance for unrelated vectors: nothing leaks from the fitted to the held-out folds', async () => {
    const [left, right] = [linearViews(300, 0, 1), linearViews(300, 0, 2)];
    const { forward } = await crossValidate(inThisThread, { ...left, second: right.second }, instance);
    const [found, chance] = [summarizeRanks(forward.ranked), chanceLevels(forward.ranked)];
    expect(Math.abs(found.recall10 - chance.recall10)).toBeLessThan(0.07);
    expect(Math.abs(found.meanReciprocalRank - chance.meanReciprocalRank)).toBeLessThan(0.03);
  });

  it('gives the ranks of an honest shuffle when all vectors are equal', async () => {
    const views = linearViews(100, 0);
    const { forward } = await crossValidate(inThisThread, { ...views, second: zeros(100, 4) }, instance);
    expect(summarizeRanks(forward.ranked)).toEqual({
      ...chanceLevels(forward.ranked),
      medianRank: 10,
      meanReciprocalRank: expect.closeTo(chanceLevels(forward.ranked).meanReciprocalRank, 10),
      recall1: expect.closeTo(1 / 20, 10),
      recall5: expect.closeTo(5 / 20, 10),
      recall10: expect.closeTo(10 / 20, 10),
    });
  });

  it('accepts any item of the class for weak pairs', async () => {
    const data = classViews(4, 120);
    const byClass = await crossValidate(inThisThread, data, { ...instance, relevance: 'class' });
    const byInstance = await crossValidate(inThisThread, data, instance);
    expect(summarizeRanks(byClass.forward.ranked).recall1).toBeGreaterThan(0.95);
    expect(summarizeRanks(byInstance.forward.ranked).recall1).toBeLessThan(0.5);
  });

  it('finds the swapped pairs among the most suspicious', async () => {
    const views = linearViews(300, 0.3);
    const secondOf = Uint32Array.from(views.secondOf);
    for (let pair = 0; pair < 10; pair++) secondOf[pair] = (pair + 1) % 10;
    const data = { ...views, secondOf };
    const ranking = await crossValidate(inThisThread, data, instance);
    const { scored, report } = findMismatches({ pairs: data.pairs, sources: [], ranking, agreement: [] });
    expect(scored).toHaveLength(300);
    expect(scored.slice(0, 12).filter(({ index }) => index < 10).length).toBeGreaterThanOrEqual(9);
    expect(report.suspicious).toEqual(scored.slice(0, 50));
    expect(scored.map(({ mismatch }) => mismatch)).toEqual(
      scored.map(({ mismatch }) => mismatch).sort((a, b) => b - a),
    );
    expect(report.mismatches?.standOut).toBe(true);
    expect(Math.abs((report.mismatches?.expected ?? 0) - 10)).toBeLessThan(8);
  });

  it('calls no pair wrong where the spaces hardly tell partners from strangers', async () => {
    const views = linearViews(600, 3);
    const ranking = await crossValidate(inThisThread, views, instance);
    const { report } = findMismatches({ pairs: views.pairs, sources: [], ranking, agreement: [] });
    expect(report.mismatches?.standOut).toBe(false);
    expect(report.mismatches?.sentence).toMatch(/tell only \d+ % of the other pairs from strangers.*may well be right/);
  });

  it('gives the same numbers for the same seed and stops when asked', async () => {
    const views = linearViews(60, 0.5);
    expect(await crossValidate(inThisThread, views, instance)).toEqual(
      await crossValidate(inThisThread, views, instance),
    );
    await expect(crossValidate(inThisThread, views, instance, { signal: AbortSignal.abort() })).rejects.toThrow(
      'Stopped as asked',
    );
  });
});

describe('the other maps', () => {
  it('find held-out partners in one space, both ways from one product', async () => {
    const views = linearViews(300, 0.1);
    const { forward, backward, mapped } = await crossValidate(inThisThread, views, { ...instance, method: 'cca' });
    expect(summarizeRanks(forward.ranked).recall1).toBeGreaterThan(0.9);
    expect(summarizeRanks(backward.ranked).recall1).toBeGreaterThan(0.9);
    expect(backward.scored.map(({ pair }) => pair)).toEqual([...Array(300).keys()]);
    expect(mapped.first.matrix.columns).toBe(mapped.second.matrix.columns);
  });

  it.each(['ridge', 'procrustes', 'cca'] as const)('make items of different folds comparable: %s', async (method) => {
    const data = classViews(6, 240);
    const { mapped } = await crossValidate(inThisThread, data, { ...instance, method });
    const { foldOf } = assignFolds(data.firstOf, data.secondOf, 5, Random.of(0, 'alignment folds'));
    const [within, across]: [number[], number[]] = [[], []];
    for (const [i, { class: own }] of data.pairs.entries()) {
      for (const [j, { class: other }] of data.pairs.entries()) {
        if (i === j || own !== other) continue;
        const cosine = dot(rowOf(mapped.first.matrix, i), rowOf(mapped.second.matrix, j));
        (foldOf[i] === foldOf[j] ? within : across).push(cosine);
      }
    }
    expect(mean(within)).toBeGreaterThan(0.5);
    expect(Math.abs(mean(within) - mean(across))).toBeLessThan(0.05);
  });

  it('undo a rotation by Procrustes', async () => {
    const { first, ...views } = linearViews(200, 0.1);
    const order = [...Array(first.columns).keys()].reverse();
    const second = fromRows(Array.from({ length: 200 }, (_, row) => order.map((c) => rowOf(first, row)[c] ?? 0)));
    const data = { ...views, first, second };
    const { forward } = await crossValidate(inThisThread, data, { ...instance, method: 'procrustes' });
    expect(summarizeRanks(forward.ranked).recall1).toBe(1);
  });
});

describe('rankShared', () => {
  it('ranks every pair among all others without a map', async () => {
    const views = linearViews(120, 0.1);
    const { forward, backward } = await rankShared(
      inThisThread,
      { ...views, second: views.first },
      { relevance: 'instance', seed: 0 },
    );
    expect(forward.ranked).toEqual(Array(120).fill({ rank: 1, candidates: 120, relevant: 1 }));
    expect(backward.scored.every(({ similarity }) => Math.abs(similarity - 1) < 1e-5)).toBe(true);
    const unrelated = await rankShared(inThisThread, views, { relevance: 'instance', seed: 0 });
    expect(summarizeRanks(unrelated.forward.ranked).recall1).toBeLessThan(0.2);
  });

  it('refuses to hold out what is connected through shared items', async () => {
    const views = linearViews(20, 0.1);
    const data = { ...views, secondOf: new Uint32Array(20) };
    await expect(crossValidate(inThisThread, data, instance)).rejects.toThrow('connected through shared items');
  });
});

describe('a preview', () => {
  const asked = new Set([3, 17, 40, 41, 99]);
  /** What is told on the way, and in the end. */
  async function previewed(rank: (preview: Preview) => Promise<Ranking>) {
    const told: PreviewedRanks[] = [];
    const ranking = await rank({ asked, tell: (ranks) => told.push(ranks) });
    return { told, ranking };
  }
  const ranksOf = ({ ranked }: Pick<Direction, 'ranked'>) => ranked.map(({ rank }) => rank).sort((a, b) => a - b);
  const finalRanks = ({ scored }: Direction) =>
    scored.flatMap(({ pair, rank }) => (asked.has(pair) ? rank : [])).sort((a, b) => a - b);

  it.each(['ridge', 'cca'] as const)('has the ranks that its items have in the end, by maps (%s)', async (method) => {
    const views = linearViews(200, 1.5);
    const { told, ranking } = await previewed((preview) =>
      crossValidate(inThisThread, views, { ...instance, method, preview }),
    );
    expect(told).toHaveLength(1);
    expect(told.map(({ forward }) => ranksOf(forward))).toEqual([finalRanks(ranking.forward)]);
    expect(told.map(({ backward }) => ranksOf(backward))).toEqual([finalRanks(ranking.backward)]);
    expect(ranking).toEqual(await crossValidate(inThisThread, views, { ...instance, method }));
  });

  it('has the ranks that its items have in the end, in a shared space', async () => {
    const views = linearViews(200, 1.5);
    const { told, ranking } = await previewed((preview) =>
      rankShared(inThisThread, views, { relevance: 'instance', seed: 0, preview }),
    );
    expect(told.map(({ forward }) => ranksOf(forward))).toEqual([finalRanks(ranking.forward)]);
    expect(told.map(({ backward }) => ranksOf(backward))).toEqual([finalRanks(ranking.backward)]);
    expect(told[0]?.forward.ranked.map(({ candidates }) => candidates)).toEqual(Array(5).fill(200));
  });

  it('has the matches by class, and those of items with several pairs', async () => {
    const views = linearViews(60, 1.5);
    const firstOf = Array.from({ length: 60 }, (_, pair) => pair >> 1);
    const classes = firstOf.map((item) => `c${item % 3}`);
    const data = paired(views.first, views.second, firstOf, [...Array(60).keys()], classes);
    for (const relevance of ['class', 'instance'] as const) {
      const { told, ranking } = await previewed((preview) =>
        rankShared(inThisThread, data, { relevance, seed: 0, preview }),
      );
      // Pairs 40 and 41 are of one item, 99 is none.
      const items = [1, 8, 20];
      expect(told[0]?.forward.ranked).toEqual(items.map((item) => ranking.forward.ranked[item]));
      expect(told[0]?.backward.ranked).toEqual([3, 17, 40, 41].map((item) => ranking.backward.ranked[item]));
    }
  });
});
