import { createHash } from 'node:crypto';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
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
  iterations: 4,
  innerSteps: 2,
  adaptationSteps: 3,
  validateEvery: 2,
};
const data = concepts({ classes: 20, itemsPerClass: 8 });
const METHODS: Method[] = [
  'croma',
  'align-classify',
  'scratch',
  'source-only',
  'source-to-source',
  'oracle',
  'joint',
  'autoencoder',
  'prototypes',
  'zero-shot',
  'cross-modal',
  'contrastive',
  'robust-contrastive',
  'croma-released',
];

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

test('500 iterations and their validations take no more memory than 50', async () => {
  const long = { ...settings, iterations: 500, innerSteps: 1, validateEvery: 50 };
  const trainer = new Trainer('croma', { episodes: planEpisodes(data, long), settings: long });
  const held = (): unknown => {
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    const probe = tf.scalar(0);
    const heap = (tf.backend() as BackendWasm).typedArrayFromHeap(probe).buffer.byteLength;
    probe.dispose();
    return { numTensors, numDataBuffers, numBytes, heap };
  };
  while (trainer.iteration < 50) await trainer.step();
  const early = held();
  while (trainer.iteration < trainer.total) await trainer.step();
  expect(held()).toEqual(early);
  trainer.dispose();
});

describe('meta-training', () => {
  const episodes = planEpisodes(data, settings);

  test.each(METHODS)(
    'of %s gives the same numbers again, from the start and resumed at every iteration, and leaks nothing',
    async (method) => {
      const before = tf.memory().numTensors;
      const whole = new Trainer(method, { episodes, settings });
      const results: unknown[] = [];
      const states: (TrainerState | undefined)[] = [undefined];
      const tensors = new Set<number>();
      while (whole.iteration < whole.total) {
        results.push(await whole.step());
        states.push(structuredClone(await whole.checkpoint()));
        tensors.add(tf.memory().numTensors);
      }
      const end = bits([await whole.checkpoint(), await whole.selected()]);
      expect(tensors.size).toBeLessThanOrEqual(1);
      whole.dispose();
      for (const state of states) {
        const resumed = new Trainer(method, { episodes, settings }, state);
        expect(await finish(resumed)).toEqual(results.slice(state?.iteration ?? 0));
        expect(bits([await resumed.checkpoint(), await resumed.selected()])).toEqual(end);
        resumed.dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test.each([
    ['croma', ['source', 'head', 'target', 'align']],
    ['align-classify', ['source', 'head', 'target', 'align']],
    ['source-only', ['source', 'head']],
    ['source-to-source', ['source', 'head']],
    ['oracle', ['head', 'target', 'align']],
    ['joint', ['source', 'target', 'align', 'more']],
    ['autoencoder', ['target', 'align', 'more']],
    ['prototypes', ['source', 'target', 'align']],
    ['zero-shot', ['source', 'head', 'target', 'align']],
    ['cross-modal', ['source', 'head', 'target', 'align']],
    ['contrastive', ['source', 'target', 'align', 'more']],
    ['robust-contrastive', ['source', 'target', 'align', 'more']],
    ['croma-released', ['source', 'head', 'target', 'align']],
  ] as const)('of %s changes every weight of %j, and no other', async (method, changed) => {
    const trainer = new Trainer(method, { episodes, settings });
    const before = (await trainer.checkpoint()).weights;
    await trainer.step();
    const after = (await trainer.checkpoint()).weights;
    const { parameters, size: ofNetwork } = dualNetwork(episodes, settings).layout;
    const more = { name: 'more', shape: [before.length - ofNetwork] };
    let at = 0;
    for (const { name, shape } of [...parameters, more]) {
      const end = at + shape.reduce((product, length) => product * length, 1);
      const same = JSON.stringify(bits(after.subarray(at, end))) === JSON.stringify(bits(before.subarray(at, end)));
      expect(!same, name).toBe(changed.some((part) => part === name.split('.')[0]));
      at = end;
    }
    trainer.dispose();
  });

  test.each(['croma', 'align-classify'] as const)(
    'of %s takes its alignment loss, and what counts as a match, from the settings',
    async (method) => {
      const losses: unknown[] = [];
      for (const used of [
        { positives: 'class' },
        { positives: 'instance' },
        { alignmentLoss: 'hinge' },
        { alignmentLoss: 'hinge', margin: 0.1 },
        { alignmentLoss: 'hinge-two-way' },
        { alignmentLoss: 'cosine' },
      ] as const) {
        const varied: Settings = { ...settings, alignmentBatch: 6, ...used };
        const trainer = new Trainer(method, { episodes: planEpisodes(data, varied), settings: varied });
        losses.push((await trainer.step()).losses.alignment?.toFixed(3));
        trainer.dispose();
      }
      expect(new Set(losses).size).toBe(losses.length);
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

  test('stops with a sentence that names term, step and iteration when a loss is not finite, and leaks nothing', async () => {
    const before = tf.memory().numTensors;
    const trainer = new Trainer('croma', { episodes, settings: { ...settings, learningRate: 1e30 } });
    const failure = await trainer.step().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toMatch(
      /The classification loss is not a finite number at step 2 of 2 of meta-iteration 1\./,
    );
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the test on tasks of new classes', () => {
  const episodes = planEpisodes(data, settings);

  test.each(METHODS.filter((method) => method !== 'croma-released'))(
    'by %s leaves the meta-weights as they were, bit by bit, and depends on nothing but the task',
    async (method) => {
      const trainer = new Trainer(method, { episodes, settings });
      if (trainer.total > 0) await trainer.step();
      const before = bits(await trainer.checkpoint());
      const { weights } = await trainer.selected();
      const given = bits(weights);
      const tensors = tf.memory().numTensors;
      const all = await accuracies(trainer, episodes.testTasks, 3);
      expect(await accuracies(trainer, episodes.testTasks.slice(2), 3)).toEqual(all.slice(2));
      expect(bits(await trainer.checkpoint())).toEqual(before);
      expect(bits(weights)).toEqual(given);
      expect(tf.memory().numTensors).toBe(tensors);
      trainer.dispose();
    },
  );

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
