import * as tf from '@tensorflow/tfjs-core';
import { posteriorsByMixture } from '../../base/mixture.ts';
import type { Random } from '../../base/random.ts';
import { type AdamStates, Adams, keeping } from '../adams.ts';
import type { InputPair } from '../data.ts';
import { matchDistribution, pairLosses } from '../losses.ts';
import { tensorsOf } from '../numbers.ts';
import type { Settings } from '../settings.ts';
import { alignedPairs, DualEncoder } from './dualEncoder.ts';
import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';

/** Pairs that are compared with each other where all are judged: many, so that some of each class are among them. */
const BLOCK = 512;

/**
 * Robust contrastive: {@link contrastive} for pairs of which some are wrong, after noisy correspondence rectifier (Huang
 * et al. 2021; methods.md 8.12), with one network and without soft labels. A warm-up learns from all pairs; then, at every
 * epoch, a mixture of two Gaussians over the losses of the pairs tells wrong ones from right ones, and only those that are
 * more likely right are learned from.
 */
export function robustContrastive(lesson: Lesson, states?: AdamStates, carried?: Float32Array): LearningMethod {
  const learner = learnerOf(lesson);
  const { settings } = lesson;
  const adams = new Adams(lesson.settings.learningRate, states);
  const encoders = new DualEncoder(learner, adams);
  const pairs = alignedPairs(learner);
  const shared = fewShot(learner);
  /** For each pair, that it is wrong. */
  let wrong = carried ?? new Float32Array(pairs.length);
  return {
    ...shared,
    ...keeping(adams),
    aligns: true,
    size: encoders.layout.size,
    total: settings.iterations,
    work: { ...shared.work, iteration: settings.innerSteps },
    initialise: (random) => encoders.layout.initialise(random),
    async iterate(weights, step) {
      if (isJudgement(step.iteration, pairs.length, settings)) {
        wrong = await judge(encoders, weights, pairs, step.random);
      }
      return await encoders.learn(weights, likelyRight(pairs, wrong), step);
    },
    carried: () => Promise.resolve(wrong.slice()),
  };
}

/** After the epochs of the warm-up, and from then on at the start of every epoch. */
function isJudgement(iteration: number, pairs: number, { warmup, innerSteps, alignmentBatch }: Settings): boolean {
  const epoch = Math.ceil(pairs / (innerSteps * alignmentBatch));
  const since = iteration - 1 - warmup * epoch;
  return since >= 0 && since % epoch === 0;
}

/** All of them where fewer than two are likely right: there would be nothing to contrast. */
function likelyRight(pairs: readonly InputPair[], wrong: Float32Array): readonly InputPair[] {
  const right = pairs.filter((_, i) => (wrong[i] ?? 0) <= 0.5);
  return right.length < 2 ? pairs : right;
}

/** The probability of each pair that it is wrong, from its loss among up to 512 pairs drawn at random. */
async function judge(
  encoders: DualEncoder,
  weights: tf.Tensor1D,
  pairs: readonly InputPair[],
  random: Random,
): Promise<Float32Array> {
  const order = random.shuffle([...pairs.keys()]);
  const blocks = Math.ceil(pairs.length / BLOCK);
  const losses = Array.from(pairs, () => 0);
  for (let block = 0; block < blocks; block++) {
    const places = order.filter((_, i) => i % blocks === block);
    const batch = await encoders.read(places.flatMap((place) => pairs[place] ?? []));
    const measured = tf.tidy(() => {
      const given = tensorsOf(batch);
      const { targets, sources, scale } = encoders.contrast(weights, given);
      return pairLosses(targets, sources, matchDistribution(given.marks), tf.div(1, scale));
    });
    for (const [i, loss] of (await measured.data()).entries()) losses[places[i] ?? 0] = loss;
    measured.dispose();
  }
  return Float32Array.from(posteriorsByMixture(losses));
}
