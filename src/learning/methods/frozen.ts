import type { AdamStates } from '../adams.ts';
import { normsOfEncoder } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * Frozen pre-trained transformer (FPT, Lu et al. 2022; methods.md 3.4): of the encoder only the layer norms train, besides
 * the new embedder and head.
 */
export function frozen(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(lesson, { pretrained: true, warmsUp: false, trains: normsOfEncoder }, states);
}
