import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { withLabelNoise, withPairNoise } from '../../../src/learning/noise.ts';
import { type ClassPool, limitPairs } from '../../../src/learning/pools.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { supportOf, type TargetTask } from '../../../src/learning/tasks.ts';
import { concepts } from '../../engine/learning/concepts.ts';

const rate = fc.double({ min: 0, max: 1, noNaN: true });

function taskOf(ways: number, shots: number, index: number): TargetTask {
  const classes = Array.from({ length: ways }, (_, label) => label + 10);
  const support = classes.map((_, label) => Array.from({ length: shots + 2 }, (__, shot) => 100 * label + shot));
  return { index, classes, support, queries: classes.map((_, label) => [100 * label + 99]) };
}

/** Pools with different numbers of pairs; the target of a pair is as its source, and tells its class by hundreds. */
function poolsOf(sizes: readonly number[]): ClassPool[] {
  return sizes.map((size, index) => {
    const rows = Array.from({ length: size }, (_, place) => 100 * index + place);
    const pairs = rows.map((row) => ({ source: row, target: row, class: index }));
    return {
      class: index,
      classification: [9000 + index],
      pairs,
      targets: rows,
      alignedSources: rows,
      alignedTargets: rows,
    };
  });
}

const pairsOf = (pools: readonly ClassPool[]) => pools.flatMap(({ pairs }) => pairs);
const isWrong = ({ source, target }: { source: number; target: number }) => source !== target;

describe('label noise', () => {
  const drawn = fc.record({
    ways: fc.integer({ min: 2, max: 6 }),
    shots: fc.integer({ min: 1, max: 8 }),
    index: fc.nat(100_000),
    seed: fc.nat(),
    rates: fc.tuple(rate, rate),
  });

  test('makes the share of the labels wrong, rounded up or down, of the same rows, and leaves the queries alone', () => {
    fc.assert(
      fc.property(drawn, ({ ways, shots, index, seed, rates: [share] }) => {
        const task = taskOf(ways, shots, index);
        const noisy = withLabelNoise(task, shots, share, seed);
        const [clean, shown] = [supportOf(task, shots), supportOf(noisy, shots)];
        expect(shown.rows).toEqual(clean.rows);
        expect(shown.labels.every((label) => label >= 0 && label < ways)).toBe(true);
        const wrong = shown.labels.filter((label, place) => label !== clean.labels[place]);
        expect(Math.abs(wrong.length - share * ways * shots)).toBeLessThan(1);
        expect(noisy.queries).toBe(task.queries);
      }),
    );
  });

  test('has the rate over many tasks, also where one label is more than that of a support', () => {
    for (const share of [0, 0.2, 0.4, 0.5, 1]) {
      const wrong = Array.from({ length: 200 }, (_, index) => {
        const { labels } = supportOf(withLabelNoise(taskOf(3, 1, index), 1, share, 8), 1);
        return labels.filter((label, place) => label !== place).length;
      });
      const all = wrong.reduce((sum, count) => sum + count, 0);
      expect(Math.abs(all - share * 600)).toBeLessThan(3);
    }
  });

  test('of a higher rate keeps every wrong label of a lower one', () => {
    fc.assert(
      fc.property(drawn, ({ ways, shots, index, seed, rates }) => {
        const task = taskOf(ways, shots, index);
        const clean = supportOf(task, shots).labels;
        const [few, many] = [...rates]
          .sort((a, b) => a - b)
          .map((share) => supportOf(withLabelNoise(task, shots, share, seed), shots).labels);
        for (const [place, label] of (few ?? []).entries())
          if (label !== clean[place]) expect(many?.[place]).toBe(label);
      }),
    );
  });

  test('takes every other class about as often', () => {
    const counts = [0, 0, 0, 0];
    for (let index = 0; index < 400; index++) {
      const { labels } = supportOf(withLabelNoise(taskOf(4, 1, index), 1, 1, 5), 1);
      expect(labels[0]).not.toBe(0);
      counts[labels[0] ?? 0] = (counts[labels[0] ?? 0] ?? 0) + 1;
    }
    for (const count of counts.slice(1)) expect(Math.abs(count - 400 / 3)).toBeLessThan(50);
  });
});

describe('pair noise', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 });

  test('hands on the targets of exactly the rounded share of the pairs, and loses none of them', () => {
    fc.assert(
      fc.property(sizes, rate, fc.nat(), (each, share, seed) => {
        const clean = poolsOf(each);
        const noisy = withPairNoise(clean, 'strong', share, seed);
        const count = Math.round(share * pairsOf(clean).length);
        expect(pairsOf(noisy).filter(isWrong)).toHaveLength(count < 2 ? 0 : count);
        const targets = (pools: readonly ClassPool[]) => pairsOf(pools).map(({ target }) => target);
        expect(targets(noisy).sort()).toEqual(targets(clean).sort());
        for (const [index, pool] of noisy.entries()) {
          expect(pool.pairs.map(({ source }) => source)).toEqual(clean[index]?.pairs.map(({ source }) => source));
          expect(pool.pairs.every((pair) => pair.class === pool.class)).toBe(true);
          expect(new Set(pool.alignedTargets)).toEqual(new Set(pool.pairs.map(({ target }) => target)));
          expect(pool.classification).toEqual(clean[index]?.classification);
        }
      }),
    );
  });

  test('of a higher rate keeps wrong what a lower one made wrong', () => {
    fc.assert(
      fc.property(sizes, rate, rate, fc.nat(), (each, a, b, seed) => {
        const wrongAt = (share: number) =>
          pairsOf(withPairNoise(poolsOf(each), 'strong', share, seed))
            .filter(isWrong)
            .map(({ source }) => source);
        const many = new Set(wrongAt(Math.max(a, b)));
        for (const source of wrongAt(Math.min(a, b))) expect(many.has(source)).toBe(true);
      }),
    );
  });

  test('of 1 leaves no right partner, and few of the right class', () => {
    const noisy = withPairNoise(poolsOf([20, 20, 20, 20, 20]), 'strong', 1, 3);
    expect(pairsOf(noisy).filter((pair) => !isWrong(pair))).toEqual([]);
    const sameClass = pairsOf(noisy).filter((pair) => Math.floor(pair.target / 100) === pair.class);
    expect(sameClass.length).toBeLessThan(40);
  });

  test('of weak pairs counts target items, whatever number of pairs each is in', () => {
    const [first, second] = poolsOf([4, 4]);
    const twice = [first, second].flatMap((pool) =>
      pool === undefined
        ? []
        : [{ ...pool, pairs: pool.pairs.flatMap((pair) => [pair, { ...pair, source: pair.source + 50 }]) }],
    );
    const noisy = withPairNoise(twice, 'weak', 0.5, 1);
    const moved = noisy.flatMap((pool) => pool.pairs.filter(({ source, target }) => source % 50 !== target % 50));
    const own = new Set(noisy.flatMap((pool) => pool.alignedTargets));
    expect(own.size).toBe(8);
    expect(moved.length).toBeLessThanOrEqual(8);
    for (const pool of noisy) {
      for (const { source, target } of pool.pairs) {
        const partner = pool.pairs.find((pair) => pair.source === (source % 100 < 50 ? source + 50 : source - 50));
        expect(partner?.target).toBe(target);
      }
    }
  });
});

describe('a limit of pairs per class', () => {
  test('takes some of the pairs of a higher one, as many as there are, and adds nothing to classify', () => {
    const most = fc.integer({ min: 1, max: 15 });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 5 }),
        most,
        most,
        fc.nat(),
        (each, a, b, seed) => {
          const pools = poolsOf(each);
          const [few, many] = [limitPairs(pools, Math.min(a, b), seed), limitPairs(pools, Math.max(a, b), seed)];
          for (const [index, pool] of few.entries()) {
            expect(pool.pairs).toHaveLength(Math.min(each[index] ?? 0, a, b));
            expect(many[index]?.pairs).toEqual(expect.arrayContaining([...pool.pairs]));
            expect(pool.classification).toEqual(pools[index]?.classification);
          }
        },
      ),
    );
  });
});

describe('episodes', () => {
  const data = concepts({ classes: 20, itemsPerClass: 12 });
  const settings: Settings = {
    ...defaultSettings,
    ways: 3,
    shots: [1, 2],
    queries: 3,
    testTasks: 5,
    validationTasks: 2,
  };
  const drawn = fc.record({
    seed: fc.nat(),
    pairNoise: rate,
    limit: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
  });
  const plan = ({
    seed = 0,
    pairNoise = 0,
    limit,
  }: {
    seed?: number;
    pairNoise?: number;
    limit?: number | undefined;
  }) => planEpisodes(data, { ...settings, seed, pairNoise, ...(limit !== undefined && { pairsPerClass: limit }) });

  test('share no class between their tasks and meta-training, and classify by no label of an aligned item', () => {
    fc.assert(
      fc.property(drawn, (options) => {
        const { classes, pools, testTasks, validationTasks } = plan(options);
        const trained = new Set(classes.train);
        for (const task of [...testTasks, ...validationTasks]) {
          expect(task.classes.some((index) => trained.has(index))).toBe(false);
          const rows = [...task.support.flat(), ...task.queries.flat()];
          expect(rows.every((row) => !trained.has(data.target.classes[row] ?? -1))).toBe(true);
        }
        const aligned = new Set(pools.flatMap((pool) => pool.alignedSources));
        for (const pool of pools) {
          expect(trained.has(pool.class)).toBe(true);
          expect(pool.classification.some((row) => aligned.has(row))).toBe(false);
          expect(pool.alignedTargets.every((row) => trained.has(data.target.classes[row] ?? -1))).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('with other pairs have the same classes, tasks, galleries and inputs', () => {
    const rows = [0, 17, 100];
    const clean = plan({ seed: 4 });
    const other = plan({ seed: 4, pairNoise: 0.5, limit: 2 });
    for (const part of ['classes', 'testTasks', 'validationTasks', 'galleries'] as const) {
      expect(other[part]).toEqual(clean[part]);
    }
    expect(other.target.gather(rows)).toEqual(clean.target.gather(rows));
    expect(other.source.gather(rows)).toEqual(clean.source.gather(rows));
    expect(other.pools).not.toEqual(clean.pools);
  });

  test('say where fewer pairs than the limit are there, and which classes one modality lacks', () => {
    expect(plan({ limit: 6 }).notes).toEqual([]);
    expect(plan({ limit: 7 }).notes).toEqual([
      '`pairsPerClass: 7` is more than 14 of 14 meta-training classes have to align (the smallest has 6); these use all of theirs.',
    ]);
    const named = { ...data, classes: [...data.classes, 'silence'] };
    expect(planEpisodes(named, settings).notes.join('\n')).toMatch(
      /1 class has no item in the target modality \(silence\)/,
    );
  });
});
