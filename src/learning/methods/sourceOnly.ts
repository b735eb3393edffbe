import { type AdamStates, Adams, keeping } from '../adams.ts';
import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { Reptile } from './reptile.ts';

/**
 * Source only, CROMA's ablation without alignment (methods.md 1.8, `--merge0`; 11, C3): Reptile on source classification
 * tasks alone. Of what it learns the shared head alone reaches the target tasks.
 */
export function sourceOnly(lesson: Lesson, states?: AdamStates): LearningMethod {
  const learner = learnerOf(lesson);
  const { innerSteps, iterations, learningRate } = lesson.settings;
  const adams = new Adams(learningRate, states);
  const reptile = new Reptile(learner, adams);
  const shared = fewShot(learner);
  return {
    ...shared,
    ...keeping(adams),
    total: iterations,
    work: { ...shared.work, iteration: innerSteps },
    iterate: (meta, step) => reptile.onSource(meta, step),
  };
}
