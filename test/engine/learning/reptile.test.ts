import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { Adams } from '../../../src/learning/adams.ts';
import type { Objective } from '../../../src/learning/descent.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { type Learner, learnerOf } from '../../../src/learning/methods/learner.ts';
import { Reptile } from '../../../src/learning/methods/reptile.ts';
import { defaultSettings } from '../../../src/learning/settings.ts';
import { openWasm } from '../../unit/learning/wasm.ts';
import { concepts } from './concepts.ts';

const RATE = 0.1;
const INNER_STEPS = 3;
const EPSILON = 0.5;

let learner: Learner;
beforeAll(async () => {
  await openWasm();
  const settings = { ...defaultSettings, learningRate: RATE, innerSteps: INNER_STEPS, shots: [1], queries: 2 };
  learner = learnerOf({ episodes: planEpisodes(concepts({ classes: 20, itemsPerClass: 6 }), settings), settings });
});

/** A task whose gradient is the same everywhere. */
function taskOf(term: string, gradient: number): Objective {
  return {
    term,
    next: async () => ({}),
    slope: (weights) => ({ value: tf.scalar(1), grad: tf.fill<tf.Rank.R1>([weights.size], gradient) }),
    eager: true,
  };
}

/** The weight after the tasks, from 0. */
async function learn(adams: Adams, tasks: readonly Objective[]): Promise<number> {
  const reptile = new Reptile(learner, adams);
  let weights = tf.tensor1d([0]);
  for (const [at, task] of tasks.entries()) {
    const step = { iteration: at + 1, epsilon: EPSILON, random: Random.of(0, 'unused') };
    const learned = await reptile.on(weights, task, step);
    weights.dispose();
    weights = learned.weights;
  }
  const [value = Number.NaN] = await weights.data();
  weights.dispose();
  return value;
}

/** The same in float64, for the gradients of the tasks: each Adam(beta1 = 0) has one second moment for all of them. */
function expectedAfter(gradients: readonly number[]): number {
  let [second, steps, weight] = [0, 0, 0];
  for (const gradient of gradients) {
    for (let step = 0; step < INNER_STEPS; step++) {
      second = 0.999 * second + 0.001 * gradient ** 2;
      weight -= (EPSILON * RATE * gradient) / Math.sqrt(second / (1 - 0.999 ** ++steps));
    }
  }
  return weight;
}

describe('Reptile', () => {
  test('moves by ε of what a task teaches, and carries the size of gradients to the next task', async () => {
    const adams = new Adams(RATE);
    const found = await learn(adams, [taskOf('alignment', 1), taskOf('alignment', 0.1)]);
    expect(found).toBeCloseTo(expectedAfter([1, 0.1]), 5);
    // A fresh Adam steps by the rate whatever the size.
    expect(found).not.toBeCloseTo(-2 * EPSILON * INNER_STEPS * RATE, 2);
    adams.dispose();
  });

  test('knows the size of gradients of each kind of task by itself', async () => {
    const adams = new Adams(RATE);
    const found = await learn(adams, [taskOf('classification', 1), taskOf('alignment', 0.1)]);
    expect(found).toBeCloseTo(expectedAfter([1]) + expectedAfter([0.1]), 5);
    adams.dispose();
  });

  test('goes on from stored optimisers as if it had not stopped, also from those that nothing has asked for since', async () => {
    const tasks = [taskOf('alignment', 1), taskOf('classification', 2), taskOf('alignment', 0.1)];
    const whole = new Adams(RATE);
    const start = await learn(whole, tasks.slice(0, 2));
    const between = new Adams(RATE, await whole.states());
    const resumed = new Adams(RATE, await between.states());
    expect((await learn(resumed, tasks.slice(2))) + start).toBeCloseTo(expectedAfter([1, 0.1]) + expectedAfter([2]), 5);
    for (const adams of [whole, between, resumed]) adams.dispose();
  });

  test('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const adams = new Adams(RATE);
    await learn(adams, [taskOf('alignment', 1), taskOf('classification', 1)]);
    adams.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
