import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { mean } from '../../../src/base/statistics.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import type { TaskResult } from '../../../src/learning/evaluate.ts';
import type { WeightVector } from '../../../src/learning/networks/layout.ts';
import { transferNetwork } from '../../../src/learning/networks/transfer.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { Trainer, type TrainerState } from '../../../src/learning/trainer.ts';
import { pretrainingItems } from '../../../src/learning/transfer/pretrainingItems.ts';
import {
  allButEncoder,
  type Chosen,
  everything,
  headAlone,
  normsOfEncoder,
  supportObjective,
  train,
} from '../../../src/learning/transfer/supportTraining.ts';
import { poseTask, targetWeights } from '../../../src/learning/transfer/transferTask.ts';
import type { Method } from '../../../src/protocol.ts';
import { openWasm } from '../../unit/learning/wasm.ts';
import { concepts } from './concepts.ts';

const ALIGNING = ['orca-otdd', 'orca-otdd-gaussian', 'orca-mmd', 'orca-l2'] as const;
const WITH_STAGE: Method[] = ['mona', 'warm-up', ...ALIGNING];
const PRETRAINED: Method[] = [...WITH_STAGE, 'fine-tune', 'frozen', 'linear-probe'];
const METHODS: Method[] = [...PRETRAINED, 'transfer-scratch'];

const transfer = { ...defaultSettings.transfer, batch: 16, warmUpSteps: 2, embedderSteps: 3, fineTuneSteps: 4 };
const settings: Settings = {
  ...defaultSettings,
  seed: 1,
  ways: 3,
  shots: [2],
  queries: 4,
  testTasks: 3,
  validationClasses: 0,
  iterations: 3,
  innerSteps: 3,
  transfer,
};
const data = concepts({ classes: 12, itemsPerClass: 12 });
const episodes = planEpisodes(data, settings);
const lesson = { episodes, settings };

beforeAll(openWasm);

async function pretrained(trainer: Trainer): Promise<WeightVector> {
  while (trainer.iteration < trainer.total) await trainer.step();
  return (await trainer.selected()).weights;
}

async function solve(trainer: Trainer, weights: WeightVector, tasks = episodes.testTasks, shots = 2) {
  const results: TaskResult[] = [];
  for await (const result of trainer.test(weights, tasks, shots)) results.push(result);
  return results;
}

const hash = (values: Float32Array) => createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
const meanOf = (results: readonly TaskResult[], name: string) =>
  mean(results.map(({ measures }) => measures?.[name] ?? Number.NaN));

describe('a method that moves a source model to the target', () => {
  test.each(METHODS)(
    '%s gives the same again for the same seed and task, whatever it solved before, and leaves nothing behind',
    async (method) => {
      const before = tf.memory().numTensors;
      const [first, second] = [new Trainer(method, lesson), new Trainer(method, lesson)];
      const weights = await pretrained(first);
      expect(hash(await pretrained(second))).toBe(hash(weights));
      const given = hash(weights);
      const all = await solve(first, weights);
      expect(await solve(second, weights, episodes.testTasks.slice(1))).toEqual(all.slice(1));
      expect(hash(weights)).toBe(given);
      expect(all).toHaveLength(3);
      for (const { measures = {} } of all)
        expect(Object.values(measures).filter((value) => !Number.isFinite(value))).toEqual([]);
      first.dispose();
      second.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test('resumes its pre-training at every iteration to bit-equal weights', async () => {
    const whole = new Trainer('mona', lesson);
    const states: TrainerState[] = [];
    while (whole.iteration < whole.total) {
      states.push(structuredClone(await whole.checkpoint()));
      await whole.step();
    }
    const end = hash((await whole.checkpoint()).weights);
    for (const state of states) {
      const resumed = new Trainer('mona', lesson, state);
      expect(hash(await pretrained(resumed))).toBe(end);
      resumed.dispose();
    }
    whole.dispose();
  });

  test('pre-trains all of the source path and nothing else, the same for each of them; from scratch none', async () => {
    const scratch = new Trainer('transfer-scratch', lesson);
    const initial = await pretrained(scratch);
    scratch.dispose();
    const found = new Set<string>();
    const { layout, source } = transferNetwork(episodes, episodes.pools.length, settings.ways);
    for (const method of ['mona', 'fine-tune', 'orca-mmd'] as const) {
      const trainer = new Trainer(method, lesson);
      const weights = await pretrained(trainer);
      trainer.dispose();
      found.add(hash(weights));
      expect([...weights.subarray(source.layout.size)]).toEqual([...initial.subarray(source.layout.size)]);
      for (const [name, [was, is]] of partsOf(layout, initial, weights)) {
        if (source.layout.parameters.some((own) => own.name === name)) expect(is, name).not.toBe(was);
      }
    }
    expect(found.size).toBe(1);
  });

  test.each(WITH_STAGE)(
    '%s measures the discrepancy, the gradients and the distances before and after',
    async (method) => {
      const trainer = new Trainer(method, lesson);
      const [{ measures = {} } = {}] = await solve(trainer, await pretrained(trainer), episodes.testTasks.slice(0, 1));
      trainer.dispose();
      const names = ['discrepancy', 'discrepancy-excess', 'gradient-cosine', 'mmd', 'otdd-gaussian'];
      const own = method === 'orca-otdd' ? ['otdd'] : method === 'orca-l2' ? ['l2'] : [];
      const both = [...names, ...own].flatMap((name) => [`${name}-before`, `${name}-after`]);
      expect(Object.keys(measures).sort()).toEqual([...both, 'source-probe'].sort());
      expect(measures['discrepancy-before']).toBeGreaterThan(0);
      expect(measures['discrepancy-before']).toBeLessThanOrEqual(1);
    },
  );

  test('stops with a sentence that names the task when a loss is not finite, and leaks nothing', async () => {
    const wild = { ...settings, transfer: { ...transfer, fineTuneLearningRate: 1e30 } };
    const before = tf.memory().numTensors;
    for (const method of ['fine-tune', 'mona'] as const) {
      const trainer = new Trainer(method, { episodes, settings: wild });
      const weights = await pretrained(trainer);
      const failure = await solve(trainer, weights).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(InputError);
      expect(String(failure)).toMatch(/not a finite number at step \d of 4 of the transfer to task 1 with 2 shots/);
      trainer.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** By name: hashes of each parameter in two weight vectors. */
function partsOf(
  { parameters }: { parameters: readonly { name: string; shape: readonly number[] }[] },
  ...vectors: readonly WeightVector[]
): [string, string[]][] {
  let at = 0;
  return parameters.map(({ name, shape }) => {
    const start = at;
    at += shape.reduce((product, length) => product * length, 1);
    return [name, vectors.map((vector) => hash(vector.slice(start, at)))];
  });
}

describe('the training on a support set', () => {
  const items = pretrainingItems(episodes, settings.seed);
  const network = transferNetwork(episodes, items.classes, settings.ways);

  test.each<[string, Chosen, RegExp]>([
    ['everything', everything, /./],
    ['all but the encoder', allButEncoder, /^(target|head)\./],
    ['the norms of the encoder, the embedder and the head', normsOfEncoder, /^(target|head)\.|\.norm\./],
    ['the head', headAlone, /^head\./],
  ])('of %s changes that and leaves the rest bit by bit', async (_, chosen, changed) => {
    const [task] = episodes.testTasks;
    if (task === undefined) throw new RangeError('no task');
    const model = tf.tensor1d(network.layout.initialise(Random.of(1)));
    const posed = poseTask({ ...lesson, items, network }, model, task, 2);
    const start = targetWeights(posed, model);
    const steps = { steps: 2, learningRate: 1e-2 };
    const trained = await train(posed, start, supportObjective(posed, start, chosen), steps);
    const [before, after] = [start.dataSync(), trained.dataSync()].map((values) => Float32Array.from(values));
    tf.dispose([model, start, trained]);
    if (before === undefined || after === undefined) throw new RangeError('no weights');
    const { parameters } = network.target.layout;
    const moved = partsOf(network.target.layout, before, after).filter(([, [was, is]]) => was !== is);
    expect(moved.map(([name]) => name)).toEqual(
      parameters.map(({ name }) => name).filter((name) => changed.test(name)),
    );
  });
});

describe('on concepts', () => {
  const TASKS = 12;
  const steps = { batch: 30, warmUpSteps: 20, embedderSteps: 30, fineTuneSteps: 60, fineTuneLearningRate: 1e-2 };
  const used: Settings = {
    ...settings,
    shots: [10],
    testTasks: TASKS,
    iterations: 30,
    innerSteps: 8,
    transfer: { ...transfer, ...steps, lambda: 10 },
  };
  const planned = planEpisodes(concepts({ classes: 20, itemsPerClass: 20 }), used);
  let weights: WeightVector = new Float32Array();
  beforeAll(async () => {
    const trainer = new Trainer('fine-tune', { episodes: planned, settings: used });
    weights = await pretrained(trainer);
    trainer.dispose();
  });
  const results = async (method: Method, changed: Partial<typeof transfer>, tasks: number) => {
    const own = { ...used, transfer: { ...used.transfer, ...changed } };
    const trainer = new Trainer(method, { episodes: planned, settings: own });
    const found = await solve(trainer, weights, planned.testTasks.slice(0, tasks), 10);
    trainer.dispose();
    return found;
  };

  test.each(ALIGNING)('%s brings its own distance down', async (method) => {
    const found = await results(method, { fineTuneSteps: 1 }, 1);
    const name = method.replace('orca-', '');
    expect(meanOf(found, `${name}-after`)).toBeLessThan(0.8 * meanOf(found, `${name}-before`));
  });

  test('MoNA keeps at least as much of the source as fine-tuning does, and learns the target', async () => {
    const [mona, fineTune] = [await results('mona', {}, 3), await results('fine-tune', {}, 3)];
    expect(meanOf(mona, 'source-probe')).toBeGreaterThanOrEqual(meanOf(fineTune, 'source-probe'));
    expect(mean(mona.map(({ accuracy }) => accuracy))).toBeGreaterThan(0.4);
  });

  // The cosine of a task moves by some hundredths either way: it takes several tasks to see it turn.
  test('what MoNA’s stage keeps of the source turns what the target asks of the encoder towards the source', async () => {
    const cosineOf = async (lambda: number) =>
      meanOf(await results('mona', { fineTuneSteps: 1, lambda }, TASKS), 'gradient-cosine-after');
    const [kept, ignored] = [await cosineOf(10), await cosineOf(0)];
    expect(kept).toBeGreaterThan(ignored);
  });
});
