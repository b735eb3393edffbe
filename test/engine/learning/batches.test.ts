import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LearningData } from '../../../src/learning/data.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import { Method } from '../../../src/protocol.ts';
import { openWasm } from '../../unit/learning/wasm.ts';
import { concepts } from './concepts.ts';

beforeAll(openWasm);

const settings: Settings = {
  ...defaultSettings,
  ways: 3,
  shots: [2],
  queries: 4,
  testTasks: 2,
  validationClasses: 0,
  iterations: 1,
  innerSteps: 1,
  adaptationSteps: 1,
  transfer: { ...defaultSettings.transfer, batch: 8, warmUpSteps: 1, embedderSteps: 1, fineTuneSteps: 1 },
};

/** One step, and the answers to a task. */
async function trained(method: Method, data: LearningData, own: Settings) {
  const before = tf.memory().numTensors;
  const trainer = new Trainer(method, { episodes: planEpisodes(data, own), settings: own });
  const { weights: start } = await trainer.checkpoint();
  const losses = trainer.total === 0 ? {} : (await trainer.step()).losses;
  const { weights } = await trainer.checkpoint();
  const measures: (Readonly<Record<string, number>> | undefined)[] = [];
  for await (const result of trainer.test(weights, planEpisodes(data, own).testTasks, 2))
    measures.push(result.measures);
  trainer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return { start, weights, losses, measures };
}

const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? Number.NaN)), 0) / a.length;

describe('a batch that is taken in three parts', () => {
  const data = concepts({ classes: 12, itemsPerClass: 12 });

  test.each(Method.options)('makes the step of %s that the whole batch makes', async (method) => {
    const whole = await trained(method, data, settings);
    const { weights, losses } = await trained(method, data, { ...settings, accumulate: 3 });
    expect(Object.keys(losses)).toEqual(Object.keys(whole.losses));
    for (const [term, loss] of Object.entries(whole.losses)) expect(losses[term]).toBeCloseTo(loss, 4);
    // Adam makes full steps also where the gradient is all but zero, so that single weights may go the other way.
    expect(distance(weights, whole.weights)).toBeLessThanOrEqual(0.02 * distance(whole.weights, whole.start));
  });
});

describe('modalities of different sizes, and batches larger than what there is to draw', () => {
  const even = concepts({ classes: 12, itemsPerClass: 12 });
  // Classes of 5 to 12 items, the target's as four tokens of which the last ones may be padding.
  const kept = [...even.source.classes.keys()].filter((row) => row % 12 < 5 + (Math.floor(row / 12) % 8));
  const classes = Int32Array.from(kept, (row) => even.source.classes[row] ?? 0);
  const tokens = even.target.gather(kept).map((value, at) => (at % 32 < 24 || at % 96 < 32 ? value : 0));
  const data: LearningData = {
    ...even,
    source: vectorInputs(
      16,
      even.source.gather(kept).filter((_, at) => at % 32 < 16),
      classes,
    ),
    target: { ...vectorInputs(32, tokens, classes), shape: [4, 8] },
    pairs: kept.map((_, row) => ({ source: row, target: row, class: classes[row] ?? 0 })),
  };
  const large = { ...settings, innerBatch: 50, alignmentBatch: 300, transfer: { ...settings.transfer, batch: 100 } };

  test.each(Method.options)('train %s, also in more parts than a batch has items', async (method) => {
    const whole = await trained(method, data, large);
    const { losses } = await trained(method, data, { ...large, accumulate: 64 });
    for (const [term, loss] of Object.entries(whole.losses)) expect(losses[term]).toBeCloseTo(loss, 3);
    for (const value of whole.measures.flatMap((measures) => Object.values(measures ?? {}))) {
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});
