import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Random } from '../../../src/base/random.ts';
import { remembered } from '../../../src/base/remembered.ts';
import { compute } from '../../../src/learning/compute.ts';
import type { Objective, Slope } from '../../../src/learning/descent.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import { EMBEDDING } from '../../../src/learning/networks/encoders.ts';
import type { Batch, Given, Numbers } from '../../../src/learning/numbers.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { supportOf } from '../../../src/learning/tasks.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import { balancedSample, pretrainingItems } from '../../../src/learning/transfer/pretrainingItems.ts';
import { Method } from '../../../src/protocol.ts';
import { open, TESTED } from './tested.ts';

/** A step of a method: what it was computed from, and what came out. The caller disposes the tensors. */
interface Step {
  readonly batch: Batch<string>;
  readonly value: tf.Tensor;
  readonly grad: tf.Tensor;
}

const steps = vi.hoisted((): Step[] => []);

// Every optimiser step of every method goes through one function.
vi.mock('../../../src/learning/descent.ts', async (original) => {
  const real = await original<typeof import('../../../src/learning/descent.ts')>();
  const watched: typeof real.descend = (start, count, objective, ...rest) =>
    real.descend(start, count, watch(objective), ...rest);
  return { ...real, descend: watched };
});

function watch(objective: Objective): Objective {
  const drawn: Batch<string>[] = [];
  return {
    ...objective,
    async next() {
      const batch = await objective.next();
      drawn.push(batch);
      return batch;
    },
    slope(weights, given) {
      const found = objective.eager
        ? objective.slope(weights, given)
        : compute(wholeOf(objective.slope), { weights }, { ...given });
      const kept = { value: tf.keep(tf.clone(found.value)), grad: tf.keep(tf.clone(found.grad)) };
      steps.push({ batch: drawn.shift() ?? {}, ...kept });
      return found;
    },
    eager: true,
  };
}

/** As a backend computes it where it compiles. */
const wholeOf = remembered(
  (slope: Slope<string>) =>
    ({ weights }: Given<'weights'>, given: Given<string>) =>
      slope(weights as tf.Tensor1D, given),
);

const CLASSES = 9;
const ITEMS = 5;
const WIDTHS = { source: 8, target: 6 };

/** Steps that move no weight, so that each of them is taken at the weights of the formula. */
const NO_STEP = 1e-12;
const settings: Settings = {
  ...defaultSettings,
  ways: 3,
  shots: [2],
  queries: 2,
  testTasks: 2,
  validationClasses: 0,
  testClasses: 3,
  iterations: 1,
  innerSteps: 1,
  innerBatch: 4,
  alignmentBatch: 5,
  metaShots: 2,
  adaptationSteps: 1,
  learningRate: NO_STEP,
  transfer: {
    ...defaultSettings.transfer,
    batch: 5,
    warmUpSteps: 1,
    embedderSteps: 1,
    fineTuneSteps: 1,
    embedderLearningRate: NO_STEP,
    fineTuneLearningRate: NO_STEP,
  },
};

/** In [0, 1), as the script of the golden values has it. */
const scattered = (at: number): number => {
  const value = Math.sin(at * 12.9898 + 78.233) * 43758.5453;
  return value - Math.floor(value);
};
const scatteredRows = (width: number, begin: number): Float32Array =>
  Float32Array.from({ length: CLASSES * ITEMS * width }, (_, at) => 2 * scattered(begin + at) - 1);

const labels = Int32Array.from({ length: CLASSES * ITEMS }, (_, row) => Math.floor(row / ITEMS));
const episodes = planEpisodes(
  {
    source: vectorInputs(WIDTHS.source, scatteredRows(WIDTHS.source, 1e5), labels),
    target: vectorInputs(WIDTHS.target, scatteredRows(WIDTHS.target, 2e5), labels),
    pairs: Array.from(labels, (label, row) => ({ source: row, target: row, class: label })),
    classes: Array.from({ length: CLASSES }, (_, index) => `class ${index}`),
    strength: 'strong',
  },
  settings,
);

/** The steps of one iteration, and of one test task, all at the same weights. */
async function stepsOf(method: Method): Promise<Step[]> {
  const fresh = new Trainer(method, { episodes, settings });
  const { weights } = await fresh.checkpoint();
  fresh.dispose();
  const state = {
    method,
    iteration: 0,
    random: Random.of(0, 'steps').state(),
    weights: weights.map((_, at) => 0.5 * scattered(at) - 0.25),
    adams: {},
  };
  const trainer = new Trainer(method, { episodes, settings }, state);
  if (trainer.total > 0) await trainer.step();
  for await (const _ of trainer.test(state.weights, episodes.testTasks.slice(0, 1), 2));
  trainer.dispose();
  return steps.splice(0);
}

const rowOf = new Map(
  (['source', 'target'] as const).flatMap((side) =>
    [...labels.keys()].map((row): [string, number] => [episodes[side].gather([row]).join(), row]),
  ),
);

const { trainingByClass, classes: sourceClasses } = pretrainingItems(episodes, settings.seed);

/** A batch with rows in the place of arrays, and labels in the place of what is made of them. */
function described(batch: Batch<string>): unknown {
  const { items, labels: oneHot, sources, targets, relation, marks = relation, support, queries, means } = batch;
  const { sourceLabels, targetLabels, alike } = batch;
  if (sources && targets && marks) {
    // The hinge takes means of classes in the place of marks.
    const ofPairs = marks.values instanceof Float32Array ? labelsOf(transposed(marks)) : [...marks.values];
    return { sources: rowsOf(sources), targets: rowsOf(targets), labels: ofPairs };
  }
  if (support && queries && means && oneHot) {
    return { support: labelled(support, transposed(means)), queries: labelled(queries, oneHot) };
  }
  if (sources && sourceLabels && targets && targetLabels) {
    return { source: labelled(sources, sourceLabels), target: labelled(targets, targetLabels) };
  }
  if (items && oneHot && sources && alike) {
    const rows = rowsOf(sources);
    const places = rows.map((row) => trainingByClass.findIndex((own) => own.includes(row)));
    return { target: labelled(items, oneHot), source: { rows, labels: places } };
  }
  // A probe in the shared space sees no items but their embeddings.
  if (items?.shape[1] === EMBEDDING && oneHot) return { labels: labelsOf(oneHot) };
  if (items && oneHot) return labelled(items, oneHot);
  return items ? rowsOf(items) : null;
}

const labelled = (items: Numbers, oneHot: Numbers) => ({
  rows: rowsOf(items),
  labels: labelsOf(oneHot),
});
const labelsOf = (oneHot: Numbers): number[] => cut(oneHot).map((row) => row.findIndex((value) => value > 0));
const rowsOf = (items: Numbers): number[] => cut(items).map((values) => rowOf.get(values.join()) ?? Number.NaN);
const cut = ({ values, shape: [rows = 0, width = 0] }: Numbers) =>
  Array.from({ length: rows }, (_, i) => values.subarray(i * width, (i + 1) * width));

function transposed(matrix: Numbers): Numbers {
  const rows = cut(matrix);
  const [height = 0, width = 0] = matrix.shape;
  const values = Float32Array.from(
    { length: width * height },
    (_, at) => rows[at % height]?.[Math.floor(at / height)] ?? 0,
  );
  return { values, shape: [width, height] };
}

/** Items of a class of the source that a distance sees. */
const EACH = 16;

/** Support items of each class, and the source items that ORCA compares them with: its steps draw them as they go. */
function comparedByOrca(supportClasses: readonly (readonly number[])[]) {
  const random = Random.of(settings.seed, 'transfer of task 0, 2 shots');
  const sample = balancedSample(trainingByClass, sourceClasses, EACH, random).rows;
  const { rows, labels: classes } = balancedSample(supportClasses, settings.ways, 2, random);
  const targets = [...new Set(classes)].map((label) => rows.filter((_, i) => classes[i] === label));
  const sources = targets.map((own) => random.sample([...sample.keys()], own.length).map((place) => sample[place]));
  return { targets, sources };
}

/** What the script needs to know besides the weights. */
function surroundings() {
  const [task] = episodes.testTasks;
  if (task === undefined) throw new RangeError('no task');
  const support = supportOf(task, 2);
  const supportClasses = task.classes.map((_, label) => support.rows.filter((_, i) => support.labels[i] === label));
  // Nine digits tell every number in float32.
  const table = (side: 'source' | 'target') =>
    [...labels.keys()].map((row) => Array.from(episodes[side].gather([row]), (value) => Number(value.toPrecision(9))));
  return {
    ways: settings.ways,
    classes: sourceClasses,
    source: table('source'),
    target: table('target'),
    sourceClasses: trainingByClass,
    sourceItemsOfClass: EACH,
    supportClasses,
    shownSources: episodes.sources.apartFromQueries(task),
    compared: comparedByOrca(supportClasses),
  };
}

const file = (name: string): string => resolve(import.meta.dirname, '../../golden', name);
const read = (name: string): unknown => JSON.parse(readFileSync(file(name), 'utf8'));
const Drawn = z.looseObject({ batches: z.record(z.string(), z.array(z.unknown())) });
/** Of each parameter: its name and size, the length of its gradient, and the products of that with two waves. */
const Gradient = z.array(z.tuple([z.string(), z.int(), z.number(), z.number(), z.number()]));
const Golden = z.record(z.string(), z.array(z.object({ value: z.number(), gradient: Gradient })));

/** Length and products of a gradient with two waves, as the script has them. */
function sketch(slopes: Float32Array): number[] {
  const product = (values: ArrayLike<number>, wave: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value, at) => sum + value * (wave[at] ?? 0), 0);
  const waves = [0.37, 1.1].map((step) => Float64Array.from(slopes, (_, at) => Math.cos(step * (at + 1))));
  const products = waves.map((wave) => product(slopes, wave) / Math.sqrt(product(wave, wave)));
  return [Math.sqrt(product(slopes, slopes)), ...products];
}

/** Of the losses, and of the gradients over the length of all of them: transport iterates, MoNA takes a difference. */
const [USUAL, ITERATED] = [
  { value: 2e-5, gradient: 2e-4 },
  { value: 1e-3, gradient: 5e-3 },
];
const toleranceOf = (method: Method, step: number) =>
  (method === 'mona' && step === 2) || (/^orca-otdd/.test(method) && step === 1) ? ITERATED : USUAL;

beforeEach(() => open(TESTED));

if (process.env['PAIRLAB_WRITE_DRAWN'] === '1') {
  test('the batches of all methods are written for the script of the golden values', async () => {
    const batches: Record<string, unknown> = {};
    for (const method of Method.options) {
      const taken = await stepsOf(method);
      batches[method] = taken.map(({ batch }) => described(batch));
      tf.dispose(taken.map(({ value, grad }) => [value, grad]));
    }
    writeFileSync(file('methodSteps.drawn.json'), `${JSON.stringify({ ...surroundings(), batches })}\n`);
  });
}

describe(`on ${TESTED}, the steps`, () => {
  test('see the items that the golden values were computed from', () => {
    const { batches: _, ...others } = Drawn.parse(read('methodSteps.drawn.json'));
    expect(surroundings()).toEqual(others);
  });

  test.each(Method.options)('of %s have the losses and the gradients that PyTorch has in float64', async (method) => {
    const { batches } = Drawn.parse(read('methodSteps.drawn.json'));
    const golden = Golden.parse(read('methodSteps.json'))[method];
    const before = tf.memory().numTensors;
    const taken = await stepsOf(method);
    expect(taken.map(({ batch }) => described(batch))).toEqual(batches[method]);
    for (const [step, { value, grad }] of taken.entries()) {
      const known = golden?.[step];
      if (known === undefined) throw new RangeError(`${method} ${step}`);
      const tolerance = toleranceOf(method, step);
      const [loss = Number.NaN] = await value.data();
      expect(Math.abs(loss - known.value)).toBeLessThan(tolerance.value * Math.abs(known.value));
      const slopes = Float32Array.from(await grad.data());
      expect(slopes.length).toBe(known.gradient.reduce((sum, [, size]) => sum + size, 0));
      const whole = Math.hypot(...known.gradient.map(([, , length]) => length));
      let at = 0;
      for (const [name, size, length, ...products] of known.gradient) {
        const found = sketch(slopes.subarray(at, at + size));
        at += size;
        for (const [i, reference] of [length, ...products].entries()) {
          const error = Math.abs((found[i] ?? Number.NaN) - reference);
          expect(error, `${method} ${step} ${name}`).toBeLessThanOrEqual(tolerance.gradient * (length + 0.01 * whole));
        }
        if (length === 0) expect(found[0], name).toBe(0);
      }
      tf.dispose([value, grad]);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
