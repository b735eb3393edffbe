import type { AdamStates } from '../adams.ts';
import { alignKnowledge } from '../transfer/embedderStage.ts';
import { everything } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * MoNA (Ma et al. 2024; methods.md 2): the new embedder warms up, then learns so that fine-tuning the encoder on the target
 * would keep what it knows of the source, and then everything is fine-tuned.
 */
export function mona(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(lesson, { pretrained: true, warmsUp: true, stage: alignKnowledge, trains: everything }, states);
}
