import type { AdamStates } from '../adams.ts';
import { classifyOnly } from '../transfer/embedderStage.ts';
import { everything } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * MoNA without its outer loss (λ = 0; methods.md 11, M5): as many steps of embedder and head as MoNA takes, but all of them
 * for the classification of the target, and then everything is fine-tuned.
 */
export function warmUp(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(lesson, { pretrained: true, warmsUp: true, stage: classifyOnly, trains: everything }, states);
}
