import type { AdamState } from '../adam.ts';
import { everything } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/** Scratch for the MoNA family: the same network and the same last stage from the initial weights, without the source. */
export function transferScratch(lesson: Lesson, state?: AdamState): LearningMethod {
  return transfer(lesson, { pretrained: false, warmsUp: false, trains: everything }, state);
}
