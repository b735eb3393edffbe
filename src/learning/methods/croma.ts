import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { inTurn, reptileOnPairs, reptileOnSource } from './reptile.ts';

/**
 * CROMA (Liang et al. 2021; methods.md 1.5 in the variant of 1.11): every meta-iteration is Reptile on a source
 * classification task, then Reptile on an alignment task.
 */
export function croma(lesson: Lesson): LearningMethod {
  const learner = learnerOf(lesson);
  return {
    ...fewShot(learner),
    aligns: true,
    total: lesson.settings.iterations,
    iterate: (meta, step) =>
      inTurn(
        meta,
        (weights) => reptileOnSource(learner, weights, step),
        (weights) => reptileOnPairs(learner, weights, step),
      ),
  };
}
