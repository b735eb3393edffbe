import type { NetworkKind } from './networks/encoders.ts';

export const alignmentLosses = ['info-nce', 'hinge', 'hinge-two-way', 'cosine'] as const;
type AlignmentLoss = (typeof alignmentLosses)[number];

export const optimisers = ['adam', 'sgd'] as const;
export const embedderStarts = ['random', 'source'] as const;

/** Everything that decides the numbers of a run, besides the data and the method. */
export interface Settings {
  readonly seed: number;

  /** Classes of a task (N-way). Chance is 1/ways. */
  readonly ways: number;
  /** Labelled target items per class of a test task (k-shot); one evaluation each. */
  readonly shots: readonly number[];
  /** Query items per class of a test task. */
  readonly queries: number;
  readonly testTasks: number;
  /** Shares of the support labels of a test task that are wrong, each in [0, 1]; one evaluation each with every k. */
  readonly labelNoise: readonly number[];
  /** Share of the pairs of meta-training whose targets are permuted among themselves, in [0, 1]. */
  readonly pairNoise: number;
  /** At most so many pairs per class are aligned; all of the alignment half without it. */
  readonly pairsPerClass?: number;
  /** Tasks over the meta-validation classes; each is adapted with the largest of `shots`. */
  readonly validationTasks: number;
  /** Share of the classes kept for validation and for test (0–1), or their number (1 and more). The rest trains. */
  readonly validationClasses: number;
  readonly testClasses: number;

  /** What encodes an item's array: both modalities by the same kind. */
  readonly network: NetworkKind;

  /** Meta-iterations: each is one classification task and one alignment task. */
  readonly iterations: number;
  /** Optimiser steps on a task in meta-training. */
  readonly innerSteps: number;
  /** Source items of one classification step, and support items of one adaptation step. */
  readonly innerBatch: number;
  /** Classes of one alignment task; `ways` without it. */
  readonly alignmentWays?: number;
  /** Pairs of one alignment step. */
  readonly alignmentBatch: number;
  /** Parts in which a step takes its batch through the networks, one after the other; 1 without it. */
  readonly accumulate?: number;
  /** Items (or pairs) per class of a meta-training task; larger than k and independent of it (Reptile). */
  readonly metaShots: number;
  /** Of every Adam: inner loops, ordinary alignment, adaptation. */
  readonly learningRate: number;
  /** What pulls the pairs of a batch together. */
  readonly alignmentLoss: AlignmentLoss;
  /** Of both hinge losses, in cosine. */
  readonly margin: number;
  /** Of InfoNCE; above 0. */
  readonly temperature: number;
  /** What InfoNCE takes as a match within a batch: any item of the same class, or the very partner (strong pairs only). */
  readonly positives: 'class' | 'instance';
  /** Epochs in which `robust-contrastive` learns from all pairs, before it leaves out those that look wrong. */
  readonly warmup: number;
  /** Optimiser steps on the support set of a test task. */
  readonly adaptationSteps: number;
  /** Meta-iterations between two looks at the meta-validation tasks. */
  readonly validateEvery: number;

  /** How the methods of the MoNA family learn a target task. */
  readonly transfer: TransferSettings;
}

/** Of the methods that fine-tune a source model on a target task (MoNA, ORCA and what they are compared with). */
export interface TransferSettings {
  /** What the new embedder starts as: random weights, or the source's own, where tokens of both are of the same kind. */
  readonly embedder: (typeof embedderStarts)[number];
  /** Items of a step: of the source in pre-training, of the support set later. */
  readonly batch: number;
  /** Steps of the new embedder and head alone, before the embedder's own stage (MoNA). */
  readonly warmUpSteps: number;
  /** Steps of the stage that fits the embedder to the source (MoNA, ORCA). */
  readonly embedderSteps: number;
  /** Of the Adam of both. */
  readonly embedderLearningRate: number;
  /** Steps on the support set in the last stage. */
  readonly fineTuneSteps: number;
  readonly fineTuneLearningRate: number;
  /** Of that stage: Adam, or gradient descent with momentum, as ORCA's code has it for some tasks (methods.md 3.5). */
  readonly fineTuneOptimiser: (typeof optimisers)[number];
  /** Weight of the source's loss after the simulated step of the encoder (MoNA's λ). */
  readonly lambda: number;
  /** Length of that simulated step (MoNA's α). */
  readonly innerLearningRate: number;
}

/** As methods of the CROMA family are usually run on small features: methods.md 1.11, 6 and 12. */
export const defaultSettings: Settings = {
  seed: 0,
  ways: 5,
  shots: [1, 5, 10],
  queries: 10,
  testTasks: 200,
  labelNoise: [0],
  pairNoise: 0,
  validationTasks: 20,
  validationClasses: 0.15,
  testClasses: 0.15,
  network: 'mlp',
  iterations: 400,
  innerSteps: 8,
  innerBatch: 10,
  alignmentBatch: 20,
  metaShots: 10,
  learningRate: 1e-3,
  alignmentLoss: 'info-nce',
  margin: 0.5,
  temperature: 0.1,
  positives: 'class',
  warmup: 3,
  adaptationSteps: 40,
  validateEvery: 100,
  transfer: {
    embedder: 'random',
    batch: 32,
    warmUpSteps: 40,
    embedderSteps: 60,
    embedderLearningRate: 1e-2,
    fineTuneSteps: 200,
    fineTuneLearningRate: 1e-3,
    fineTuneOptimiser: 'adam',
    lambda: 10,
    innerLearningRate: 0.1,
  },
};
