import type { AdamStates } from '../adams.ts';
import { meanDiscrepancy } from '../transfer/distances.ts';
import { alignDistribution } from '../transfer/embedderStage.ts';
import { everything } from '../transfer/supportTraining.ts';
import { transfer } from '../transfer/transfer.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * ORCA (Shen et al. 2023; methods.md 3): the new embedder minimises the maximum mean discrepancy to the source,
 * then everything is fine-tuned.
 */
export function orcaMmd(lesson: Lesson, states?: AdamStates): LearningMethod {
  return transfer(
    lesson,
    { pretrained: true, warmsUp: false, stage: alignDistribution(meanDiscrepancy), trains: everything },
    states,
  );
}
