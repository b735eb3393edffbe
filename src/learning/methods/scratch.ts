import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * Scratch, the target-only baseline: the network as it was initialised learns nothing before the test tasks, where it is
 * adapted to the support set like every other method (methods.md 11, C1).
 */
export function scratch(lesson: Lesson): LearningMethod {
  return {
    ...fewShot(learnerOf(lesson)),
    total: 0,
    iterate: () => Promise.reject(new RangeError('scratch has no meta-training')),
  };
}
