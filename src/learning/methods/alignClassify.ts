import type * as tf from '@tensorflow/tfjs-core';
import { Adam, type AdamState } from '../adam.ts';
import { descend, type Objective } from '../descent.ts';
import { alignmentLoss, selectPairs } from '../objectives.ts';
import { drawAlignmentTask } from '../tasks.ts';
import { type Learner, type MetaStep, reptileOnSource } from './reptile.ts';
import type { MetaIteration } from './trainer.ts';

/**
 * Align + classify, CROMA's ablation without meta-learning of the alignment (methods.md 1.8): Reptile on a source
 * classification task as in CROMA, then `innerSteps` ordinary steps of one Adam that lives as long as the training,
 * right on the weights, each over a new batch of pairs from all meta-training classes. Batch, loss and number of steps are
 * those of CROMA, so that the difference is the meta-learning.
 */
export function alignClassify(learner: Learner, state?: AdamState): MetaIteration {
  const { network, settings } = learner;
  const adam = new Adam(network.size, settings.learningRate, 0.9, state);
  return {
    total: settings.iterations,
    async run(meta: tf.Tensor1D, step: MetaStep) {
      const classified = await reptileOnSource(learner, meta, step);
      const place = `meta-iteration ${step.iteration}`;
      try {
        const objective = ordinaryAlignment(learner, step);
        const aligned = await descend(classified.weights, settings.innerSteps, objective, adam, place);
        return { weights: aligned.weights, classificationLoss: classified.loss, alignmentLoss: aligned.loss };
      } finally {
        classified.weights.dispose();
      }
    },
    adamState: () => adam.state(),
    dispose: () => adam.dispose(),
  };
}

/** InfoNCE over as many pairs as a step of CROMA aligns, but drawn anew at every step, and from all classes. */
function ordinaryAlignment({ network, episodes, settings }: Learner, { random }: MetaStep): Objective {
  const { pools, strength } = episodes;
  return {
    term: 'alignment loss',
    loss(weights) {
      const drawn = drawAlignmentTask(pools, strength, pools.length, settings.metaShots, random);
      const batch = selectPairs(drawn, random.sample([...drawn.labels.keys()], settings.alignmentBatch));
      return alignmentLoss(network, episodes, batch, settings, weights);
    },
  };
}
