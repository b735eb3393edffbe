import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Inputs, LearningData } from '../../../src/learning/data.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { dualNetwork } from '../../../src/learning/networks/dual.ts';
import { NETWORKS } from '../../../src/learning/networks/encoders.ts';
import { defaultSettings } from '../../../src/learning/settings.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import { openWasm } from '../../unit/learning/wasm.ts';
import { concepts } from './concepts.ts';

beforeAll(openWasm);

/** The 32 numbers of a concept as a grid of 2 × 4 tokens for the source, and as a sequence of 8 for the target. */
function tokens(): LearningData {
  const data = concepts({ classes: 10, itemsPerClass: 8 });
  const as = (inputs: Inputs, shape: number[]) => ({ ...inputs, shape });
  return { ...data, source: as(data.source, [2, 4, 4]), target: as(data.target, [8, 4]) };
}

describe.each(NETWORKS)('CROMA with the network %s over tokens', (network) => {
  const settings = {
    ...{ ...defaultSettings, network, ways: 2, shots: [1], queries: 2, testTasks: 1, validationClasses: 0 },
    ...{ iterations: 3, innerSteps: 2, adaptationSteps: 2, innerBatch: 4, alignmentBatch: 6 },
  };

  test('trains every layer, leaves no tensor behind, and resumes to the same numbers', async () => {
    const episodes = planEpisodes(tokens(), settings);
    const trainer = new Trainer('croma', { episodes, settings });
    const before = (await trainer.checkpoint()).weights;
    await trainer.step();
    const tensors = tf.memory().numTensors;
    const middle = structuredClone(await trainer.checkpoint());
    await trainer.step();
    await trainer.step();
    for await (const { accuracy } of trainer.test((await trainer.selected()).weights, episodes.testTasks, 1)) {
      expect(accuracy).toBeGreaterThanOrEqual(0);
    }
    expect(tf.memory().numTensors).toBe(tensors);
    const after = (await trainer.checkpoint()).weights;
    let at = 0;
    for (const { name, shape } of dualNetwork(episodes, settings).layout.parameters) {
      const end = at + shape.reduce((product, length) => product * length, 1);
      expect(Buffer.compare(bytes(after, at, end), bytes(before, at, end)), name).not.toBe(0);
      at = end;
    }
    const resumed = new Trainer('croma', { episodes, settings }, middle);
    while (resumed.iteration < resumed.total) await resumed.step();
    expect(Buffer.compare(bytes((await resumed.checkpoint()).weights), bytes(after))).toBe(0);
    trainer.dispose();
    resumed.dispose();
  });
});

function bytes(weights: Float32Array, from = 0, to = weights.length): Buffer {
  return Buffer.from(weights.slice(from, to).buffer);
}
