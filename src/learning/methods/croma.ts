import { type AdamStates, Adams, keeping } from '../adams.ts';
import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { inTurn, Reptile } from './reptile.ts';

/**
 * CROMA (Liang et al. 2021; methods.md 1.5 in the variant of 1.11): every meta-iteration is Reptile on a source
 * classification task, then Reptile on an alignment task.
 */
export function croma(lesson: Lesson, states?: AdamStates): LearningMethod {
  const learner = learnerOf(lesson);
  const adams = new Adams(lesson.settings.learningRate, states);
  const reptile = new Reptile(learner, adams);
  return {
    ...fewShot(learner),
    ...keeping(adams),
    aligns: true,
    total: lesson.settings.iterations,
    iterate: (meta, step) =>
      inTurn(
        meta,
        (weights) => reptile.onSource(weights, step),
        (weights) => reptile.onPairs(weights, step),
      ),
  };
}
