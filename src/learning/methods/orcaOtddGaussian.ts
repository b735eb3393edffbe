import type { AdamStates } from '../adams.ts';
import { alignDistribution } from '../transfer/embedderStage.ts';
import { gaussianOtdd } from '../transfer/otdd.ts';
import { everything } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * ORCA (Shen et al. 2023; methods.md 3): the new embedder minimises the optimal transport dataset distance to the
 * source, with the classes as Gaussians, then everything is fine-tuned.
 */
export function orcaOtddGaussian(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(
    lesson,
    { pretrained: true, warmsUp: false, stage: alignDistribution(gaussianOtdd), trains: everything },
    states,
  );
}
