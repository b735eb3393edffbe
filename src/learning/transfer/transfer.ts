import * as tf from '@tensorflow/tfjs-core';
import { type AdamStates, Adams, keeping } from '../adams.ts';
import { cutToLongest, inputTensor } from '../inputs.ts';
import type { LearningMethod, Lesson, Solution } from '../methods/method.ts';
import { inParts, pathInParts } from '../networks/inParts.ts';
import { type EmbeddingPath, type TransferNetwork, transferNetwork } from '../networks/transfer.ts';
import { queriesOf } from '../tasks.ts';
import type { EmbedderStage } from './embedderStage.ts';
import { type Measures, measureEmbedder, measureSource } from './measures.ts';
import { pretrain } from './pretraining.ts';
import { pretrainingItems } from './pretrainingItems.ts';
import { allButEncoder, type Chosen, supportObjective, train } from './supportTraining.ts';
import { poseTask, type TransferLearner, type TransferTask, targetWeights } from './transferTask.ts';

/** What one method of the MoNA family does with a target task, stage after stage. */
export interface Recipe {
  /** Whether it starts from a source model; otherwise from the initial weights. */
  readonly pretrained: boolean;
  /** Whether embedder and head first learn to classify the target in `warmUpSteps` steps. */
  readonly warmsUp: boolean;
  readonly stage?: EmbedderStage;
  /** What learns to classify the target in the last stage, `fineTuneSteps` steps. */
  readonly trains: Chosen;
}

/** Pre-training on the source, then on every task its own fine-tuning by the recipe. */
export function transfer(lesson: Lesson, recipe: Recipe, states?: AdamStates): LearningMethod {
  const { settings } = lesson;
  const [source, target] = [cutToLongest(lesson.episodes.source), cutToLongest(lesson.episodes.target)];
  const episodes = { ...lesson.episodes, source, target };
  const items = pretrainingItems(episodes, settings.seed);
  const network = embeddingInParts(transferNetwork(episodes, items.classes, settings.ways), settings.accumulate);
  const learner: TransferLearner = { ...lesson, episodes, items, network };
  const adams = new Adams(settings.learningRate, states);
  const { warmUpSteps, embedderSteps, fineTuneSteps } = settings.transfer;
  return {
    ...keeping(adams),
    size: network.layout.size,
    total: recipe.pretrained ? settings.iterations : 0,
    work: {
      iteration: settings.innerSteps,
      task: (recipe.warmsUp ? warmUpSteps : 0) + (recipe.stage ? 4 * embedderSteps : 0) + fineTuneSteps,
    },
    initialise: (random) => network.layout.initialise(random),
    iterate: (weights, step) => pretrain(learner, weights, adams, step),
    solve: (weights, task, shots) => solve(poseTask(learner, weights, task, shots), recipe),
  };
}

function embeddingInParts(network: TransferNetwork, parts = 1): TransferNetwork {
  const taken = (path: EmbeddingPath): EmbeddingPath => ({
    ...pathInParts(path, parts),
    enter: inParts(path.enter, path.embedder, parts),
  });
  return { ...network, source: taken(network.source), target: taken(network.target) };
}

async function solve(task: TransferTask, recipe: Recipe): Promise<Solution> {
  const { warmUpSteps, embedderLearningRate, fineTuneSteps, fineTuneLearningRate, fineTuneOptimiser } =
    task.settings.transfer;
  let weights = targetWeights(task, task.model);
  let measures: Measures = {};
  const advance = async (stage: (start: tf.Tensor1D) => Promise<tf.Tensor1D>): Promise<void> => {
    const next = await stage(weights);
    weights.dispose();
    weights = next;
  };
  const warmUp = { steps: warmUpSteps, learningRate: embedderLearningRate };
  const fineTuning = { steps: fineTuneSteps, learningRate: fineTuneLearningRate, optimiser: fineTuneOptimiser };
  const { warmsUp, stage, trains } = recipe;
  try {
    if (warmsUp) await advance((start) => train(task, start, supportObjective(task, start, allButEncoder), warmUp));
    if (stage !== undefined) {
      const distances = stage.distance === undefined ? [] : [stage.distance];
      const before = await measureEmbedder(task, weights, distances);
      await advance((start) => stage.fit(task, start));
      measures = { ...named(before, 'before'), ...named(await measureEmbedder(task, weights, distances), 'after') };
    }
    await advance((start) => train(task, start, supportObjective(task, start, trains), fineTuning));
    const predicted = await predict(task, weights);
    return { predicted, measures: { ...measures, ...(await measureSource(task, weights)) } };
  } finally {
    weights.dispose();
  }
}

/** The label that the head likes best for each query. */
async function predict({ network, episodes, task }: TransferTask, weights: tf.Tensor1D): Promise<number[]> {
  const predicted = tf.tidy(() => {
    const { layout, embed, classify } = network.target;
    const tensors = layout.cut(weights);
    return tf.argMax(classify(tensors, embed(tensors, inputTensor(episodes.target, queriesOf(task).rows))), 1);
  });
  const labels = [...(await predicted.data())];
  predicted.dispose();
  return labels;
}

function named(measures: Measures, when: 'before' | 'after'): Measures {
  return Object.fromEntries(Object.entries(measures).map(([name, value]) => [`${name}-${when}`, value]));
}
