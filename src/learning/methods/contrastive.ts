import { type AdamStates, Adams, keeping } from '../adams.ts';
import { alignedPairs, DualEncoder } from './dualEncoder.ts';
import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * Contrastive: a dual encoder trained as CLIP (methods.md 7) on the pairs that CROMA aligns, without meta-learning and
 * without any classification; then the adaptation of all other methods, with a head that was never trained.
 */
export function contrastive(lesson: Lesson, states?: AdamStates): LearningMethod {
  const learner = learnerOf(lesson);
  const adams = new Adams(lesson.settings.learningRate, states);
  const encoders = new DualEncoder(learner, adams);
  const pairs = alignedPairs(learner);
  const shared = fewShot(learner);
  return {
    ...shared,
    ...keeping(adams),
    aligns: true,
    size: encoders.layout.size,
    total: lesson.settings.iterations,
    work: { ...shared.work, iteration: lesson.settings.innerSteps },
    initialise: (random) => encoders.layout.initialise(random),
    iterate: (weights, step) => encoders.learn(weights, pairs, step),
  };
}
