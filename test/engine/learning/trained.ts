import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { LearningData } from '../../../src/learning/data.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import type { Method } from '../../../src/protocol.ts';

/** One step of everything. */
export const settings: Settings = {
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

/** One step of a method on the backend that is open, and its answers to the test tasks. */
export async function trained(method: Method, data: LearningData, own: Settings) {
  const before = tf.memory().numTensors;
  const trainer = new Trainer(method, { episodes: planEpisodes(data, own), settings: own });
  const { weights: start } = await trainer.checkpoint();
  const losses = trainer.total === 0 ? {} : (await trainer.step()).losses;
  const { weights } = await trainer.checkpoint();
  const accuracies: number[] = [];
  const measures: (Readonly<Record<string, number>> | undefined)[] = [];
  for await (const result of trainer.test(weights, planEpisodes(data, own).testTasks, 2)) {
    accuracies.push(result.accuracy);
    measures.push(result.measures);
  }
  trainer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return { start, weights, losses, accuracies, measures };
}
