import type { AdamStates } from '../adams.ts';
import { alignDistribution } from '../transfer/embedderStage.ts';
import { exactOtdd } from '../transfer/otdd.ts';
import { everything } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * ORCA (Shen et al. 2023; methods.md 3): the new embedder minimises the optimal transport dataset distance to the
 * source, with the classes as they are, then everything is fine-tuned.
 */
export function orcaOtdd(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(
    lesson,
    { pretrained: true, warmsUp: false, stage: alignDistribution(exactOtdd), trains: everything },
    states,
  );
}
