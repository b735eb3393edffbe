import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { interval95, mean } from '../../../src/base/statistics.ts';
import { type Episodes, planEpisodes } from '../../../src/learning/episodes.ts';
import type { Recall } from '../../../src/learning/galleries.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import type { TargetTask } from '../../../src/learning/tasks.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import type { Method } from '../../../src/protocol.ts';
import { gainsOfLooking } from '../../reproduce/trials/leak.ts';
import { areaUnderCurve } from '../../reproduce/trials/wrongPairs.ts';
import { openWasm } from '../../unit/learning/wasm.ts';
import { type ConceptOptions, concepts } from './concepts.ts';

/** A large learning rate and few steps: the differences are those of longer training, in a fraction of its time. */
const settings: Settings = {
  ...defaultSettings,
  shots: [5],
  queries: 10,
  testTasks: 24,
  validationClasses: 0,
  iterations: 40,
  innerSteps: 5,
  learningRate: 3e-3,
  adaptationSteps: 15,
};

beforeAll(openWasm);

interface Outcome {
  readonly accuracies: readonly number[];
  readonly retrieval: readonly Recall[];
}

function plan(used: Settings, options: Partial<ConceptOptions> = {}): Episodes {
  return planEpisodes(concepts({ classes: 40, itemsPerClass: 30, ...options }), used);
}

async function accuraciesOf(trainer: Trainer, weights: Float32Array, tasks: readonly TargetTask[]): Promise<number[]> {
  const found: number[] = [];
  for await (const { accuracy } of trainer.test(weights, tasks, 5)) found.push(accuracy);
  return found;
}

async function outcomeOf(method: Method, episodes: Episodes, used: Settings): Promise<Outcome> {
  const trainer = new Trainer(method, { episodes, settings: used });
  while (trainer.iteration < trainer.total) await trainer.step();
  const { weights } = await trainer.selected();
  const accuracies = await accuraciesOf(trainer, weights, episodes.testTasks);
  const retrieval = await trainer.retrieve(weights);
  trainer.dispose();
  return { accuracies, retrieval };
}

function recallOf(retrieval: readonly Recall[], from: Recall['from'], k: number): number {
  return mean(retrieval.find((recall) => recall.from === from && recall.k === k)?.values ?? []);
}

function differences(a: readonly number[], b: readonly number[]): number[] {
  return a.map((accuracy, task) => accuracy - (b[task] ?? 0));
}

/** The mean difference on the same tasks lies above the half width of its interval. */
function expectAbove(a: readonly number[], b: readonly number[]): void {
  const found = differences(a, b);
  expect(mean(found)).toBeGreaterThan(interval95(found) ?? 0);
}

describe('on concepts whose source is easy and whose target is hard', () => {
  const episodes = plan(settings);
  let scratch: Outcome;
  beforeAll(async () => {
    scratch = await outcomeOf('scratch', episodes, settings);
  });

  test('scratch learns something, and its two modalities meet by chance only', () => {
    expect(mean(scratch.accuracies)).toBeGreaterThan(0.25);
    expect(scratch.retrieval[0]?.chance).toBeCloseTo(1 / 50);
    expect(recallOf(scratch.retrieval, 'source', 1)).toBeLessThan(0.1);
    expect(recallOf(scratch.retrieval, 'target', 1)).toBeLessThan(0.1);
  });

  test('CROMA beats scratch, and its embeddings of new classes find each other before any adaptation', async () => {
    const { accuracies, retrieval } = await outcomeOf('croma', episodes, settings);
    expectAbove(accuracies, scratch.accuracies);
    expect(recallOf(retrieval, 'source', 1)).toBeGreaterThan(0.1);
    expect(recallOf(retrieval, 'target', 1)).toBeGreaterThan(0.1);
  });

  test.each([
    ['instance', 'strong'],
    ['class', 'weak'],
  ] as const)('CROMA beats scratch with what matches by %s, from %s pairs', async (positives, strength) => {
    const used = { ...settings, positives };
    const { accuracies } = await outcomeOf('croma', plan(used, { strength }), used);
    expectAbove(accuracies, scratch.accuracies);
  });

  test('source-only is scratch within the noise: without alignment nothing reaches the target', async () => {
    const { accuracies } = await outcomeOf('source-only', episodes, settings);
    expect(Math.abs(mean(differences(accuracies, scratch.accuracies)))).toBeLessThan(0.04);
  });

  test.each(['source-to-source', 'joint', 'prototypes', 'cross-modal', 'contrastive'] as const)(
    '%s beats scratch',
    async (method) => {
      expectAbove((await outcomeOf(method, episodes, settings)).accuracies, scratch.accuracies);
    },
  );

  test('zero-shot is far above chance after the alignment, and the same for every k', async () => {
    const trainer = new Trainer('zero-shot', { episodes, settings });
    while (trainer.iteration < trainer.total) await trainer.step();
    const { weights } = await trainer.selected();
    const five = await accuraciesOf(trainer, weights, episodes.testTasks);
    const one: number[] = [];
    for await (const { accuracy } of trainer.test(weights, episodes.testTasks, 1)) one.push(accuracy);
    trainer.dispose();
    expect(mean(five) - 0.2).toBeGreaterThan(0.2);
    expect(one).toEqual(five);
  });

  test('CROMA embeds new classes closer to their partners after alignment tasks of more classes', async () => {
    const [few, many] = [
      { ...settings, alignmentWays: 3 },
      { ...settings, alignmentWays: 20 },
    ];
    const recall = async (used: Settings) =>
      recallOf((await outcomeOf('croma', episodes, used)).retrieval, 'source', 5);
    expect(await recall(many)).toBeGreaterThan(await recall(few));
  });
});

test('the oracle beats scratch where many classes have target labels', async () => {
  const used = { ...settings, iterations: 200, innerSteps: 8, testClasses: 10 };
  const episodes = plan(used, { classes: 100 });
  const oracle = await outcomeOf('oracle', episodes, used);
  expectAbove(oracle.accuracies, (await outcomeOf('scratch', episodes, used)).accuracies);
});

describe('robust-contrastive, where the partners of many pairs were exchanged', () => {
  const used = { ...settings, alignmentBatch: 40 };
  const clean = plan(used);
  const { noisy, wrong } = exchange(clean, 0.4);

  test('tells wrong pairs from right ones, and carries on with its judgement when resumed', async () => {
    const trainer = new Trainer('robust-contrastive', { episodes: noisy, settings: used });
    for (let i = 0; i < 11; i++) await trainer.step();
    const state = await trainer.checkpoint();
    const judged = [...(state.carried ?? [])];
    expect(areaUnderCurve(judged, wrong)).toBeGreaterThan(0.8);
    const resumed = new Trainer('robust-contrastive', { episodes: noisy, settings: used }, structuredClone(state));
    expect(await resumed.step()).toEqual(await trainer.step());
    trainer.dispose();
    resumed.dispose();
  });

  test('aligns new classes better than contrastive does from the same pairs', async () => {
    const robust = await outcomeOf('robust-contrastive', noisy, used);
    const plain = await outcomeOf('contrastive', noisy, used);
    const recall = ({ retrieval }: Outcome) => recallOf(retrieval, 'source', 5) + recallOf(retrieval, 'target', 5);
    expect(recall(robust)).toBeGreaterThan(recall(plain));
  });
});

describe('the leak of the released code', () => {
  /** Of a look after every iteration. */
  function gainsOf(method: Method, seed: number): ReturnType<typeof gainsOfLooking> {
    const used = {
      ...settings,
      ...{
        seed,
        validationClasses: 5,
        testClasses: 5,
        testTasks: 2,
        validationTasks: 4,
        iterations: 12,
        learningRate: 1e-3,
      },
    };
    return gainsOfLooking(method, plan(used, { classes: 30, seed }), used, 1);
  }

  test('lifts the test tasks that are looked at above fresh ones', async () => {
    const gains: Awaited<ReturnType<typeof gainsOf>>[] = [];
    for (const seed of [0, 1, 2, 3]) gains.push(await gainsOf('croma-released', seed));
    const [fixed, fresh] = [gains.flatMap((gain) => gain.fixed), gains.flatMap((gain) => gain.fresh)];
    const noise = Math.hypot(interval95(fixed) ?? 0, interval95(fresh) ?? 0);
    expect(mean(fixed) - mean(fresh)).toBeGreaterThan(noise);
  });

  test('is not there in CROMA: looking changes nothing', async () => {
    const { fixed, fresh } = await gainsOf('croma', 0);
    expect(new Set([...fixed, ...fresh])).toEqual(new Set([0]));
  });
});

/** The episodes with a share of all aligned pairs' targets passed on in a circle, and which pairs that made wrong. */
function exchange(episodes: Episodes, share: number): { noisy: Episodes; wrong: boolean[] } {
  const pairs = episodes.pools.flatMap((pool) => pool.pairs);
  const chosen = Random.of(1, 'exchange').sample([...pairs.keys()], Math.round(share * pairs.length));
  const after = new Map(chosen.map((pair, i) => [pair, chosen[(i + 1) % chosen.length]]));
  let next = 0;
  const pools = episodes.pools.map((pool) => ({
    ...pool,
    pairs: pool.pairs.map((pair) => {
      const other = pairs[after.get(next++) ?? -1];
      return other === undefined ? pair : { ...pair, target: other.target };
    }),
  }));
  return { noisy: { ...episodes, pools }, wrong: pairs.map((_, pair) => after.has(pair)) };
}
