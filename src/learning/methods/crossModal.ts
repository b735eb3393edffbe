import * as tf from '@tensorflow/tfjs-core';
import { remembered } from '../../base/remembered.ts';
import { Adam } from '../adam.ts';
import type { AdamStates } from '../adams.ts';
import { centroid, unitRows } from '../centroids.ts';
import { descend, type Objective, slopeOf } from '../descent.ts';
import { crossEntropy } from '../losses.ts';
import { type Numbers, oneHot, tensorOf } from '../numbers.ts';
import type { LabelledItems } from '../objectives.ts';
import type { Settings } from '../settings.ts';
import { queriesOf, supportOf, type TargetTask } from '../tasks.ts';
import { croma } from './croma.ts';
import { embeddings, placeOf } from './fewShot.ts';
import { type Learner, learnerOf, requireSources } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';

/** Unit embeddings with their labels. */
interface Shots {
  readonly rows: readonly Float32Array[];
  readonly labels: readonly number[];
}

/**
 * Cross-modal adaptation (Lin et al. 2023, arXiv 2301.06267, its linear probe) in the space that CROMA aligns: both
 * encoders stay as they are, and one linear classifier learns from the target support and from labelled SOURCE items of
 * the same classes, as many of each in a step. It starts from the centroids of the source items.
 * @throws InputError when a validation or test class has no source items.
 */
export function crossModal(lesson: Lesson, states?: AdamStates): LearningMethod {
  requireSources(lesson, 'cross-modal', 1);
  const learner = learnerOf(lesson);
  return {
    ...croma(lesson, states),
    notes: ['`cross-modal` uses labelled source items of the test classes besides the k target labels.'],
    async solve(weights, task, shots) {
      const support = supportOf(task, shots);
      const target = {
        rows: unitRows(await embeddings(learner.target, weights, support.rows)),
        labels: support.labels,
      };
      const source = await sourceShots(learner, weights, task);
      const asked = unitRows(await embeddings(learner.target, weights, queriesOf(task).rows));
      return { predicted: await probe(learner, target, source, asked, placeOf(task, shots)) };
    },
  };
}

/** One of each class in turn, as `supportOf` does it. */
async function sourceShots({ episodes, source }: Learner, weights: tf.Tensor1D, task: TargetTask): Promise<Shots> {
  const classes = episodes.sources.apartFromQueries(task);
  const most = Math.max(...classes.map(({ length }) => length));
  const drawn = Array.from({ length: most }, (_, shot) =>
    classes.flatMap((rows, label) => (shot < rows.length ? [{ row: rows[shot] ?? 0, label }] : [])),
  ).flat();
  const rows = drawn.map(({ row }) => row);
  return { rows: unitRows(await embeddings(source, weights, rows)), labels: drawn.map(({ label }) => label) };
}

/** A linear classifier [d, N] of unit embeddings over a temperature, from the source centroids. */
async function probe(
  { settings }: Learner,
  target: Shots,
  source: Shots,
  queries: readonly Float32Array[],
  place: string,
): Promise<number[]> {
  const { ways, innerBatch, learningRate, adaptationSteps } = settings;
  const classes = Array.from({ length: ways }, (_, label) => source.rows.filter((_, i) => source.labels[i] === label));
  const centroids = unitRows(classes.map(centroid));
  const width = centroids[0]?.length ?? 0;
  const start = tf.tensor1d(Array.from({ length: width }, (_, d) => centroids.map((row) => row[d] ?? 0)).flat());
  const adam = new Adam(start.size, learningRate, 0);
  const batches = [cyclic(target, Math.ceil(innerBatch / 2)), cyclic(source, Math.floor(innerBatch / 2))];
  try {
    const objective: Objective<keyof LabelledItems> = {
      term: 'classification',
      async next() {
        const drawn = batches.map((next) => next());
        const labels = drawn.flatMap((shots) => shots.labels);
        return { items: stack(drawn.flatMap(({ rows }) => rows)), labels: oneHot(labels, ways) };
      },
      slope: probeSlope(settings),
    };
    const { weights } = await descend(start, adaptationSteps, objective, adam, place);
    const predicted = tf.tidy(() => tf.argMax(logitsOf(tensorOf(stack(queries)), weights, settings), 1));
    const labels = [...(await predicted.data())];
    tf.dispose([weights, predicted]);
    return labels;
  } finally {
    start.dispose();
    adam.dispose();
  }
}

/** Gives the next `size` shots at every call, from the first again after the last; all where there are no more. */
function cyclic({ rows, labels }: Shots, size: number): () => Shots {
  const count = Math.min(size, rows.length);
  let next = 0;
  return () => {
    const places = Array.from({ length: count }, (_, i) => (next + i) % rows.length);
    next = (next + count) % rows.length;
    return { rows: places.flatMap((place) => rows[place] ?? []), labels: places.map((place) => labels[place] ?? 0) };
  };
}

const probeSlope = remembered((settings: Settings) =>
  slopeOf<keyof LabelledItems>((weights, { items, labels }) =>
    crossEntropy(logitsOf(items, weights, settings), labels as tf.Tensor2D),
  ),
);

function logitsOf(rows: tf.Tensor, weights: tf.Tensor1D, { ways, temperature }: Settings): tf.Tensor2D {
  return tf.div(tf.matMul(rows as tf.Tensor2D, tf.reshape(weights, [-1, ways]) as tf.Tensor2D), temperature);
}

function stack(rows: readonly Float32Array[]): Numbers {
  const width = rows[0]?.length ?? 0;
  const values = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) values.set(row, i * width);
  return { values, shape: [rows.length, width] };
}
