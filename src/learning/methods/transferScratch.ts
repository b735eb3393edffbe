import type { AdamStates } from '../adams.ts';
import { everything } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/** Scratch for the MoNA family: the same network and the same last stage from the initial weights, without the source. */
export function transferScratch(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(lesson, { pretrained: false, warmsUp: false, trains: everything }, states);
}
