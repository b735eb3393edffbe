import type * as tf from '@tensorflow/tfjs-core';
import { slopeOf } from '../descent.ts';
import type { DistanceOf } from './distances.ts';
import { knowledgeAlignment } from './knowledgeAlignment.ts';
import { allButEncoder, supportObjective, train } from './supportTraining.ts';
import { embedClasses, sampleSource, type TransferTask } from './transferTask.ts';

/** Fits the embedder of a target to the source while the encoder stays as it is. */
export interface EmbedderStage {
  /** New weights of the target path, which the caller disposes. */
  fit(task: TransferTask, start: tf.Tensor1D): Promise<tf.Tensor1D>;
  /** The distance that it minimises, if it does. */
  readonly distance?: DistanceOf;
}

/** Stage 1 of MoNA. */
export const alignKnowledge: EmbedderStage = {
  fit: (task, start) => train(task, start, knowledgeAlignment(task), stepsOf(task)),
};

/** As many steps of the same length that only classify the target: MoNA's stage 1 with λ = 0. */
export const classifyOnly: EmbedderStage = {
  fit: (task, start) => train(task, start, supportObjective(task, start, allButEncoder), stepsOf(task)),
};

/**
 * Stage 1 of ORCA (Shen et al. 2023; methods.md 3.2): the embeddings of each target class approach those of a labelled
 * sample of the source. The head has no part in it. One step is what ORCA calls an epoch: all classes, one update.
 */
export function alignDistribution(distance: DistanceOf): EmbedderStage {
  return {
    distance,
    async fit(task, start) {
      const sample = sampleSource(task, task.random);
      try {
        const { name, of } = distance(sample, task.random);
        // Its own draws follow those of the distance: few items, which are read when they are embedded.
        const next = async () => ({});
        const slope = slopeOf((weights) => of(embedClasses(task, weights, task.random)));
        return await train(task, start, { term: name, next, slope, eager: true }, stepsOf(task));
      } finally {
        sample.embeddings.dispose();
      }
    },
  };
}

function stepsOf({ settings }: TransferTask) {
  return { steps: settings.transfer.embedderSteps, learningRate: settings.transfer.embedderLearningRate };
}
