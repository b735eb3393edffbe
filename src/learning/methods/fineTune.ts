import type { AdamStates } from '../adams.ts';
import { everything } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/** Naive fine-tuning (NFT; methods.md 3.4): everything is trained at once, from the source model and a random embedder. */
export function fineTune(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(lesson, { pretrained: true, warmsUp: false, trains: everything }, states);
}
