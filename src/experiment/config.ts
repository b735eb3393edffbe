import { basename, dirname, resolve } from 'node:path';
import { isScalar, isSeq, type YAMLMap } from 'yaml';
import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { readTextIfThere } from '../base/files.ts';
import { checkYaml } from '../base/yaml.ts';
import { inputKinds } from '../embedding/media/mediaEncoding.ts';
import { NETWORKS } from '../learning/networks/encoders.ts';
import { alignmentLosses, defaultSettings, embedderStarts, optimisers, type Settings } from '../learning/settings.ts';
import { BackendChoice, type ExperimentOutline, Method, Modality, TransferMethod } from '../protocol.ts';
import type { Cell } from './grid.ts';

const SUFFIX = /\.experiment\.ya?ml$/i;

const whole = (low: number, high: number): z.ZodInt => z.int().min(low).max(high);
const classes = z.number().min(0).max(10_000);
const rates = z.array(z.number().min(0).max(1)).min(1);

const { transfer } = defaultSettings;

/** Of the methods that fine-tune a source model. */
const TransferSettings = z.strictObject({
  embedder: z
    .enum(embedderStarts)
    .default(transfer.embedder)
    .describe('What the new embedder starts as: random weights, or those of the source (`inputs: patches`).'),
  batch: whole(1, 10_000).default(transfer.batch).describe('Items of a step, in pre-training and on the support set.'),
  warmUpSteps: whole(0, 10_000)
    .default(transfer.warmUpSteps)
    .describe('Steps of the new embedder and head alone, before the embedder is fitted to the source (mona, warm-up).'),
  embedderSteps: whole(0, 10_000)
    .default(transfer.embedderSteps)
    .describe('Steps that fit the embedder to the source (mona, orca-…).'),
  embedderLearningRate: z.number().gt(0).max(1).default(transfer.embedderLearningRate).describe('Of those two.'),
  fineTuneSteps: whole(0, 100_000)
    .default(transfer.fineTuneSteps)
    .describe('Steps on the support set of a test task in the last stage.'),
  fineTuneLearningRate: z.number().gt(0).max(1).default(transfer.fineTuneLearningRate).describe('Of that stage.'),
  fineTuneOptimiser: z
    .enum(optimisers)
    .default(transfer.fineTuneOptimiser)
    .describe(
      'Of that stage: Adam, or gradient descent with momentum 0.9, which moves the weights less where less is to be learnt.',
    ),
  lambda: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(transfer.lambda)
    .describe('Weight of what the source must keep (mona).'),
  innerLearningRate: z
    .number()
    .gt(0)
    .max(1000)
    .default(transfer.innerLearningRate)
    .describe('Length of the simulated step of the encoder (mona).'),
});

/** What decides a run's numbers besides data, method and seed. The fields are those of the learning room's settings. */
const LearningSettings = z.strictObject({
  ways: whole(2, 1000).default(defaultSettings.ways).describe('Classes of a task (N-way).'),
  shots: z
    .array(whole(1, 1000))
    .min(1)
    .default([...defaultSettings.shots])
    .describe('Labelled target items per class of a test task (k-shot); every k is tested after one meta-training.'),
  queries: whole(1, 1000).default(defaultSettings.queries).describe('Query items per class of a test task.'),
  testTasks: whole(2, 100_000).default(defaultSettings.testTasks).describe('Test tasks per seed and number of shots.'),
  labelNoise: rates
    .default([...defaultSettings.labelNoise])
    .describe(
      'Shares of the labels of a test task that are wrong (0 to 1); every rate is tested after one meta-training.',
    ),
  validationTasks: whole(1, 10_000)
    .default(defaultSettings.validationTasks)
    .describe('Tasks over the meta-validation classes, which choose the best iterate.'),
  validationClasses: classes
    .default(defaultSettings.validationClasses)
    .describe('Share of the classes kept for validation (below 1), or their number (1 and more).'),
  testClasses: classes
    .default(defaultSettings.testClasses)
    .describe('Share of the classes kept for the test (below 1), or their number (1 and more).'),
  network: z
    .enum(NETWORKS)
    .default(defaultSettings.network)
    .describe('What encodes both modalities; all but `mlp` and `linear` need `inputs: media` or `inputs: patches`.'),
  iterations: whole(1, 1_000_000)
    .default(defaultSettings.iterations)
    .describe('Meta-iterations: each is one classification task and one alignment task.'),
  innerSteps: whole(1, 1000)
    .default(defaultSettings.innerSteps)
    .describe('Optimiser steps on a task in meta-training.'),
  innerBatch: whole(1, 10_000).default(defaultSettings.innerBatch).describe('Items of one classification step.'),
  alignmentWays: whole(2, 1000)
    .exactOptional()
    .describe('Classes of an alignment task in meta-training, or all where there are fewer. Default: `ways`.'),
  alignmentBatch: whole(2, 10_000).default(defaultSettings.alignmentBatch).describe('Pairs of one alignment step.'),
  accumulate: whole(1, 10_000)
    .exactOptional()
    .describe(
      'Parts in which a step takes its batch through the networks: less memory, more time, the same gradient. Default: 1.',
    ),
  metaShots: whole(1, 1000)
    .default(defaultSettings.metaShots)
    .describe('Items (or pairs) per class of a meta-training task.'),
  learningRate: z.number().gt(0).max(1).default(defaultSettings.learningRate).describe('Learning rate of every Adam.'),
  alignmentLoss: z
    .enum(alignmentLosses)
    .default(defaultSettings.alignmentLoss)
    .describe('What pulls pairs together: InfoNCE, a hinge on class means (one or both ways), or the cosine alone.'),
  margin: z.number().min(0).max(2).default(defaultSettings.margin).describe('Margin of the hinge losses, in cosine.'),
  temperature: z.number().gt(0).max(10).default(defaultSettings.temperature).describe('Temperature of InfoNCE.'),
  positives: z
    .enum(['class', 'instance'])
    .default(defaultSettings.positives)
    .describe('What InfoNCE aligns: all items of the same class, or the very partners (strong pairs only).'),
  warmup: whole(0, 1000)
    .default(defaultSettings.warmup)
    .describe('Passes over the pairs before robust-contrastive leaves out those that look wrong.'),
  adaptationSteps: whole(0, 10_000)
    .default(defaultSettings.adaptationSteps)
    .describe('Optimiser steps on the support set of a test task.'),
  validateEvery: whole(1, 1_000_000)
    .default(defaultSettings.validateEvery)
    .describe('Meta-iterations between two looks at the validation tasks.'),
  transfer: TransferSettings.prefault({}).describe('Of the methods that fine-tune a source model on each task.'),
});

/** The schema of *.experiment.yaml: types, validation and JSON Schema in one. */
export const ExperimentConfig = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('What the experiment is called. Default: the name of its file.'),
    dataset: z
      .string()
      .min(1)
      .default('pairlab.yaml')
      .describe('The dataset file, or a folder that holds a pairlab.yaml, relative to this file.'),
    sourceDataset: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        'The dataset that the source items are of, where it is another one: for methods that fine-tune a source model (mona, orca-…), which need no pairs. Default: `dataset`.',
      ),
    source: Modality.describe('The modality in which labels are plentiful.'),
    target: Modality.describe('The modality in which labels are scarce.'),
    inputs: z
      .enum(inputKinds)
      .default('embeddings')
      .describe(
        'What networks see of an item: its stored vector; its picture, sound or text cut into tokens; or patches of its picture, which of a sound is that of its spectrogram.',
      ),
    encoders: z
      .strictObject({
        image: z
          .enum(['patches', 'patches-pca'])
          .optional()
          .describe('What makes vectors of pictures; `patches-pca` does not whiten them. Default: patches.'),
        audio: z
          .enum(['log-mel', 'log-mel-pca'])
          .optional()
          .describe('What makes vectors of sounds; `log-mel-pca` does not whiten them. Default: log-mel.'),
      })
      .prefault({})
      .describe('Built-in encoders, where inputs are embeddings.'),
    methods: z
      .array(Method)
      .min(1)
      .default(['croma', 'align-classify', 'scratch'])
      .describe('What to compare. A run is one method with one seed.'),
    seeds: z
      .array(whole(0, 2 ** 31 - 1))
      .min(1)
      .default([0, 1, 2])
      .describe('One run per method and seed.'),
    pairNoise: rates
      .default([defaultSettings.pairNoise])
      .describe("Shares of the meta-training pairs that get each other's partners (0 to 1). One run per rate."),
    pairsPerClass: z
      .array(whole(1, 1_000_000))
      .min(1)
      .optional()
      .describe('How many pairs of a class may be aligned. One run per number. Default: all.'),
    backend: BackendChoice.default('auto').describe(
      'What trains: `tensorflow-gpu`, `webgpu`, `tensorflow` or `wasm`; `auto` takes a GPU where there is one, else what is faster.',
    ),
    ...LearningSettings.shape,
  })
  .superRefine((config, context) => {
    const refuse = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    const { network, inputs, sourceDataset } = config;
    if (config.source === config.target && sourceDataset === undefined) {
      refuse('target', `"source" and "target" are both ${config.source}; they must be two different modalities.`);
    }
    if (sourceDataset !== undefined) refuseWhatNeedsPairs(config, refuse);
    if (inputs === 'patches' && [config.source, config.target].includes('text')) {
      refuse('inputs', '"inputs" is patches, and a text has none. Set `inputs: media`.');
    }
    if (config.transfer.embedder === 'source' && inputs !== 'patches') {
      refuse(
        'transfer',
        '"embedder" is source, but what the embedders of source and target see is of one kind with `inputs: patches` ' +
          'only. Set it, or `embedder: random`.',
      );
    }
    if (inputs === 'embeddings' && network !== 'mlp' && network !== 'linear') {
      refuse(
        'network',
        `"network" is ${network}, which takes tokens, but "inputs" is embeddings: a vector for each item. ` +
          'Set `inputs: media`, or `network: mlp` or `network: linear`.',
      );
    }
    for (const modality of ['image', 'audio'] as const) {
      if (config.encoders[modality] === undefined) continue;
      if (inputs !== 'embeddings') {
        refuse('encoders', `"encoders" makes vectors, but "inputs" is ${inputs}. Leave out one of them.`);
        break;
      }
      if (config.source !== modality && config.target !== modality) {
        refuse('encoders', `"encoders" names one for ${modality}, which is neither "source" nor "target".`);
      }
    }
    for (const field of ['methods', 'shots', 'seeds', 'labelNoise', 'pairNoise', 'pairsPerClass'] as const) {
      const entries: readonly (string | number)[] = config[field] ?? [];
      const repeated = entries.find((entry, index) => entries.indexOf(entry) !== index);
      if (repeated !== undefined) refuse(field, `"${field}" names ${repeated} twice; each entry must be different.`);
    }
  });
export type ExperimentConfig = z.infer<typeof ExperimentConfig>;

/** Items of two datasets make no pairs. */
function refuseWhatNeedsPairs(
  { methods, pairNoise, pairsPerClass }: Pick<ExperimentConfig, 'methods' | 'pairNoise' | 'pairsPerClass'>,
  refuse: (field: string, message: string) => void,
): void {
  const without = 'and with "sourceDataset" there are none';
  const needing = methods.filter((method) => !TransferMethod.safeParse(method).success);
  if (needing.length > 0) {
    const possible = TransferMethod.options.join(', ');
    refuse(
      'methods',
      `"methods" names ${needing.join(', ')}, which learn from pairs, ${without}. Possible: ${possible}.`,
    );
  }
  if (pairNoise.some((rate) => rate > 0)) refuse('pairNoise', `"pairNoise" is about pairs, ${without}. Leave it out.`);
  if (pairsPerClass !== undefined) refuse('pairsPerClass', `"pairsPerClass" is about pairs, ${without}. Leave it out.`);
}

/** An experiment file that was read and checked. */
export interface Experiment {
  readonly name: string;
  /** Absolute path of the *.experiment.yaml. */
  readonly path: string;
  /** Absolute path of the dataset file, or of the folder that holds it. */
  readonly dataset: string;
  /** The same of the source's, where it is another. */
  readonly sourceDataset?: string;
  readonly config: ExperimentConfig;
}

/** @throws InputError with one line a problem, each with `file:line`. */
export async function loadExperiment(path: string): Promise<Experiment> {
  const absolute = resolve(path);
  const text = await readTextIfThere(absolute);
  if (text === undefined) throw new InputError(`There is no experiment file ${absolute}. Check the path.`);
  const { value, problems } = checkYaml(text, ExperimentConfig);
  if (value === undefined) {
    throw new InputError(problems.map(({ line, sentence }) => `${absolute}:${line + 1}: ${sentence}`).join('\n'));
  }
  return {
    name: value.name ?? nameOfFile(absolute),
    path: absolute,
    dataset: resolve(dirname(absolute), value.dataset),
    ...(value.sourceDataset !== undefined && { sourceDataset: resolve(dirname(absolute), value.sourceDataset) }),
    config: value,
  };
}

/** The learning room's settings for one cell of the grid. */
export function settingsOf(config: ExperimentConfig, { seed, pairNoise, pairsPerClass }: Cell): Settings {
  const shared = LearningSettings.strip().parse(config);
  return { ...shared, seed, pairNoise, ...(pairsPerClass !== undefined && { pairsPerClass }) };
}

/** Where an experiment file offers actions, and what is wrong with it. Reads the text only; never throws. */
export function outlineExperiment(path: string, text: string): ExperimentOutline {
  const { value, problems, root, lineOf } = checkYaml(text, ExperimentConfig);
  const name = value?.name ?? nameOfFile(path);
  if (root === undefined) return { name, targets: [], problems: [...problems] };
  const methods = methodNodes(root).map((node) => ({ line: lineOf(node), method: Method.parse(node.value) }));
  return { name, targets: [{ line: lineOf(root) }, ...methods], problems: [...problems] };
}

/** The entries of `methods` that are methods; those in brackets share a line. */
function methodNodes(root: YAMLMap) {
  const list = root.get('methods', true);
  if (!isSeq(list)) return [];
  return list.items.filter((node) => isScalar(node)).filter((node) => Method.safeParse(node.value).success);
}

function nameOfFile(path: string): string {
  return basename(path).replace(SUFFIX, '');
}
