import type { AdamStates } from '../adams.ts';
import { headAlone } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * A linear probe of the source model: the head alone is trained, on features of the source's encoder behind an embedder as it
 * was initialised. It tells how much a random map into the encoder is worth; `frozen` and `warm-up` train the embedder too.
 */
export function linearProbe(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(lesson, { pretrained: true, warmsUp: false, trains: headAlone }, states);
}
