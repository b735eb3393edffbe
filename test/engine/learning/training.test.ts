import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { interval95, mean } from '../../../src/base/statistics.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { dualNetwork } from '../../../src/learning/networks/dual.ts';
import type { WeightVector } from '../../../src/learning/networks/layout.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import type { TargetTask } from '../../../src/learning/tasks.ts';
import { Trainer, type TrainerState } from '../../../src/learning/trainer.ts';
import type { Method } from '../../../src/protocol.ts';
import { openWasm } from '../../unit/learning/wasm.ts';
import { concepts } from './concepts.ts';

const settings: Settings = {
  ...defaultSettings,
  seed: 1,
  ways: 3,
  shots: [1, 3],
  queries: 4,
  testTasks: 4,
  validationTasks: 3,
  iterations: 6,
  innerSteps: 3,
  adaptationSteps: 5,
  validateEvery: 2,
};
const data = concepts({ classes: 20, itemsPerClass: 8 });
const METHODS: Method[] = ['croma', 'align-classify', 'scratch'];

beforeAll(openWasm);

async function finish(trainer: Trainer): Promise<unknown[]> {
  const results: unknown[] = [];
  while (trainer.iteration < trainer.total) results.push(await trainer.step());
  return results;
}

async function accuracies(trainer: Trainer, tasks: readonly TargetTask[], shots: number): Promise<number[]> {
  const { weights } = await trainer.selected();
  const found: number[] = [];
  for await (const { accuracy } of trainer.test(weights, tasks, shots)) found.push(accuracy);
  return found;
}

/** Arrays by the hash of their bits: equal means bit-equal. (Comparing them element by element takes seconds.) */
function bits(value: unknown): unknown {
  const text = JSON.stringify(value, (_, field: unknown) =>
    field instanceof Float32Array
      ? createHash('sha256')
          .update(new Uint8Array(field.buffer, field.byteOffset, field.byteLength))
          .digest('hex')
      : field,
  );
  return JSON.parse(text);
}

describe('meta-training', () => {
  const episodes = planEpisodes(data, settings);

  test.each(METHODS)('of %s gives the same numbers again for the same seed', async (method) => {
    const [first, second] = [new Trainer(method, { episodes, settings }), new Trainer(method, { episodes, settings })];
    expect(await finish(second)).toEqual(await finish(first));
    expect(bits(await second.checkpoint())).toEqual(bits(await first.checkpoint()));
    first.dispose();
    second.dispose();
  });

  test.each(['croma', 'align-classify'] as const)(
    'of %s resumes at every iteration to bit-equal weights',
    async (method) => {
      const whole = new Trainer(method, { episodes, settings });
      const results: unknown[] = [];
      const states: TrainerState[] = [];
      while (whole.iteration < whole.total) {
        states.push(structuredClone(await whole.checkpoint()));
        results.push(await whole.step());
      }
      const end = bits(await whole.checkpoint());
      const selected = bits(await whole.selected());
      for (const state of states) {
        const resumed = new Trainer(method, { episodes, settings }, state);
        expect(await finish(resumed)).toEqual(results.slice(state.iteration));
        expect(bits(await resumed.checkpoint())).toEqual(end);
        expect(bits(await resumed.selected())).toEqual(selected);
        resumed.dispose();
      }
      whole.dispose();
    },
  );

  test.each(['croma', 'align-classify'] as const)('of %s changes every layer', async (method) => {
    const trainer = new Trainer(method, { episodes, settings });
    const before = (await trainer.checkpoint()).weights;
    await trainer.step();
    const after = (await trainer.checkpoint()).weights;
    let at = 0;
    for (const { name, shape } of dualNetwork(episodes, settings).layout.parameters) {
      const end = at + shape.reduce((product, length) => product * length, 1);
      expect(bits(after.subarray(at, end)), name).not.toEqual(bits(before.subarray(at, end)));
      at = end;
    }
    trainer.dispose();
  });

  test.each(['croma', 'align-classify'] as const)(
    'of %s meets several pairs of a class in one batch, so that what counts as a match changes the loss',
    async (method) => {
      const losses: unknown[] = [];
      for (const positives of ['class', 'instance'] as const) {
        const used = { ...settings, positives, alignmentBatch: 6 };
        const trainer = new Trainer(method, { episodes: planEpisodes(data, used), settings: used });
        losses.push((await trainer.step()).losses.alignment);
        trainer.dispose();
      }
      expect(losses[0]).toBeGreaterThan(0);
      expect(losses[1]).toBeGreaterThan(0);
      expect(losses[0]).not.toBeCloseTo(Number(losses[1]), 3);
    },
  );

  test('of scratch is nothing: the initial weights, which are those that the other methods start from', async () => {
    const [scratch, croma] = [
      new Trainer('scratch', { episodes, settings }),
      new Trainer('croma', { episodes, settings }),
    ];
    expect(scratch.total).toBe(0);
    expect(bits((await scratch.selected()).weights)).toEqual(bits((await croma.checkpoint()).weights));
    scratch.dispose();
    croma.dispose();
  });

  test('keeps the iterate that was best on the validation tasks', async () => {
    const trainer = new Trainer('croma', { episodes, settings: { ...settings, validateEvery: 1 } });
    const seen: { iteration: number; accuracy: number; weights: WeightVector }[] = [];
    while (trainer.iteration < trainer.total) {
      const { validationAccuracy = Number.NaN } = await trainer.step();
      const { weights } = await trainer.checkpoint();
      seen.push({ iteration: trainer.iteration, accuracy: validationAccuracy, weights });
    }
    const highest = Math.max(...seen.map(({ accuracy }) => accuracy));
    const best = seen.find(({ accuracy }) => accuracy === highest);
    expect(bits(await trainer.selected())).toEqual(bits(best));
    trainer.dispose();
  });

  test('without validation classes selects the last iterate, and the notes say so', async () => {
    const without = { ...settings, validationClasses: 0 };
    const planned = planEpisodes(data, without);
    const trainer = new Trainer('croma', { episodes: planned, settings: without });
    await finish(trainer);
    const { iteration, weights } = await trainer.checkpoint();
    expect(bits(await trainer.selected())).toEqual(bits({ iteration, weights }));
    expect(planned.notes).toEqual([expect.stringContaining('No classes were left for meta-validation')]);
    trainer.dispose();
  });

  test('holds no more tensors after many iterations than after one, and none in the end', async () => {
    const before = tf.memory().numTensors;
    for (const method of METHODS) {
      const trainer = new Trainer(method, { episodes, settings });
      const counts: number[] = [];
      while (trainer.iteration < trainer.total) {
        await trainer.step();
        await trainer.checkpoint();
        counts.push(tf.memory().numTensors);
      }
      expect(new Set(counts).size).toBeLessThanOrEqual(1);
      await accuracies(trainer, episodes.testTasks, 3);
      trainer.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  test('stops with a sentence that names term, step and iteration when a loss is not finite, and leaks nothing', async () => {
    const before = tf.memory().numTensors;
    const trainer = new Trainer('croma', { episodes, settings: { ...settings, learningRate: 1e30 } });
    const failure = await trainer.step().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toMatch(
      /The classification loss is not a finite number at step 2 of 3 of meta-iteration 1\./,
    );
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the test on tasks of new classes', () => {
  const episodes = planEpisodes(data, settings);

  test('leaves the meta-weights as they were, bit by bit', async () => {
    const trainer = new Trainer('croma', { episodes, settings });
    await trainer.step();
    const before = bits(await trainer.checkpoint());
    const { weights } = await trainer.selected();
    const given = bits(weights);
    await accuracies(trainer, episodes.testTasks, 3);
    expect(bits(await trainer.checkpoint())).toEqual(before);
    expect(bits(weights)).toEqual(given);
    trainer.dispose();
  });

  test('gives a task the same accuracy whichever tasks were tested before it', async () => {
    const trainer = new Trainer('scratch', { episodes, settings });
    const all = await accuracies(trainer, episodes.testTasks, 3);
    expect(await accuracies(trainer, episodes.testTasks.slice(2), 3)).toEqual(all.slice(2));
    trainer.dispose();
  });

  test('may be left between two tasks without leaking', async () => {
    const trainer = new Trainer('scratch', { episodes, settings });
    const { weights } = await trainer.selected();
    const before = tf.memory().numTensors;
    for await (const { task } of trainer.test(weights, episodes.testTasks, 1)) {
      if (task === 1) break;
    }
    expect(tf.memory().numTensors).toBe(before);
    trainer.dispose();
  });
});

test('weak pairs cannot be aligned by instance: they share a class only', () => {
  const weak = concepts({ classes: 12, itemsPerClass: 30, strength: 'weak' });
  expect(() => planEpisodes(weak, { ...settings, positives: 'instance' })).toThrow(/needs strong pairs/);
});

describe('on concepts whose source is easy and whose target is hard', () => {
  const pilot = { ...defaultSettings, shots: [5], queries: 10, testTasks: 30, validationTasks: 10, iterations: 40 };

  test.each([
    ['strong', 'class'],
    ['strong', 'instance'],
    ['weak', 'class'],
  ] as const)('CROMA beats scratch on the same tasks, from %s pairs aligned by %s', async (strength, positives) => {
    const used: Settings = { ...pilot, validateEvery: 40, positives };
    const episodes = planEpisodes(concepts({ classes: 40, itemsPerClass: 30, strength }), used);
    const found = new Map<Method, number[]>();
    for (const method of ['croma', 'scratch'] as const) {
      const trainer = new Trainer(method, { episodes, settings: used });
      await finish(trainer);
      found.set(method, await accuracies(trainer, episodes.testTasks, 5));
      trainer.dispose();
    }
    const scratch = found.get('scratch') ?? [];
    const differences = (found.get('croma') ?? []).map((accuracy, task) => accuracy - (scratch[task] ?? 0));
    expect(mean(differences)).toBeGreaterThan(interval95(differences) ?? 0);
    expect(mean(scratch)).toBeGreaterThan(0.25);
  });
});
