import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { reptileOnSource } from './reptile.ts';

/**
 * Source only, CROMA's ablation without alignment (methods.md 1.8, `--merge0`; 11, C3): Reptile on source classification
 * tasks alone. Of what it learns the shared head alone reaches the target tasks.
 */
export function sourceOnly(lesson: Lesson): LearningMethod {
  const learner = learnerOf(lesson);
  const { innerSteps, iterations } = lesson.settings;
  const shared = fewShot(learner);
  return {
    ...shared,
    total: iterations,
    work: { ...shared.work, iteration: innerSteps },
    iterate: (meta, step) => reptileOnSource(learner, meta, step),
  };
}
