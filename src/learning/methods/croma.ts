import type * as tf from '@tensorflow/tfjs-core';
import { alignment } from '../objectives.ts';
import { drawAlignmentTask } from '../tasks.ts';
import { type Learner, type MetaStep, reptile, reptileOnSource } from './reptile.ts';
import type { MetaIteration } from './trainer.ts';

/**
 * CROMA (Liang et al. 2021; methods.md 1.5 in the variant of 1.11): every meta-iteration is Reptile on a source
 * classification task, then Reptile on an alignment task.
 */
export function croma(learner: Learner): MetaIteration {
  const { network, episodes, settings } = learner;
  return {
    total: settings.iterations,
    async run(meta: tf.Tensor1D, step: MetaStep) {
      const classified = await reptileOnSource(learner, meta, step);
      const { ways, metaShots } = settings;
      const task = drawAlignmentTask(episodes.pools, episodes.strength, ways, metaShots, step.random);
      const objective = alignment(network, episodes, task, settings, step.random);
      try {
        const aligned = await reptile(learner, classified.weights, objective, step);
        return { weights: aligned.weights, classificationLoss: classified.loss, alignmentLoss: aligned.loss };
      } finally {
        classified.weights.dispose();
      }
    },
    dispose() {},
  };
}
