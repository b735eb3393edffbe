import * as tf from '@tensorflow/tfjs-core';
import { knowledgeDiscrepancy } from '../../base/knowledgeDiscrepancy.ts';
import { mean } from '../../base/statistics.ts';
import { inputTensor } from '../inputs.ts';
import { EMBEDDING } from '../networks/encoders.ts';
import { tensorsOf } from '../numbers.ts';
import { selectRows } from '../objectives.ts';
import { type LabelledRows, queriesOf } from '../tasks.ts';
import { type DistanceOf, meanDiscrepancy } from './distances.ts';
import { bilevelLosses, gradientCosine, readBilevel } from './knowledgeAlignment.ts';
import { gaussianOtdd } from './otdd.ts';
import { balancedSample } from './pretrainingItems.ts';
import { type Labelled, linearProbe } from './probe.ts';
import { allTensors, embedClasses, enterSource, purpose, sampleSource, type TransferTask } from './transferTask.ts';

/** Source items that a probe is fitted to, and tested on: at most so many each. */
const MOST_PROBED = 2000;
const BLOCK = 500;
/** Support items, and source items of a class, of which the gradients are compared. */
const MOST_SUPPORT = 200;
const EACH = 4;

export type Measures = Readonly<Record<string, number>>;

/**
 * What is left of the source after a task was learnt: accuracy of a linear probe on held-out source items of the
 * meta-training classes, through the source's embedder and the encoder as it is now (methods.md 2.2). Nothing where no
 * class has an item to hold out.
 */
export async function measureSource(task: TransferTask, target: tf.Tensor1D): Promise<Measures> {
  const { items } = task;
  if (items.heldOut.rows.length === 0) return {};
  const random = purpose(task, 'probe');
  const some = (all: LabelledRows) => random.sample([...all.rows.keys()], MOST_PROBED);
  const fitted = await sourceFeatures(task, target, items.training, some(items.training));
  const tested = await sourceFeatures(task, target, items.heldOut, some(items.heldOut));
  return { 'source-probe': linearProbe(fitted, tested, items.classes) };
}

/**
 * What the stage of the embedder changes, at the weights given; its methods measure it before and after (methods.md 11,
 * M6 and M7):
 * - `discrepancy`, the knowledge discrepancy D (2.3) of the task's queries to the source model, in [0, 1], and
 *   `discrepancy-excess`, D minus its mean over shuffled labels, in [−1, 1]: both fall when knowledge is aligned. The
 *   queries' labels serve this measure alone.
 * - `gradient-cosine` of what the target and the source ask of the encoder, in [−1, 1].
 * - `mmd` and `otdd-gaussian` of the embeddings to the source's, whatever the method, and the distance it minimises.
 */
export async function measureEmbedder(
  task: TransferTask,
  target: tf.Tensor1D,
  distances: readonly DistanceOf[],
): Promise<Measures> {
  return {
    ...(await measureDiscrepancy(task, target)),
    ...(await measureGradients(task, target)),
    ...(await measureDistances(task, target, distances)),
  };
}

async function measureDiscrepancy(task: TransferTask, target: tf.Tensor1D): Promise<Measures> {
  const { network, episodes, items, settings } = task;
  const { rows, labels } = queriesOf(task.task);
  if (settings.ways > items.classes) return {};
  const probabilities = await read(() => {
    const tensors = allTensors(task, target);
    const features = network.target.embed(tensors, inputTensor(episodes.target, rows));
    return tf.softmax(network.source.classify(tensors, features));
  });
  const { value, shuffled } = knowledgeDiscrepancy(
    { rows: rows.length, columns: items.classes, data: probabilities },
    labels,
    settings.ways,
    settings.seed,
  );
  return { discrepancy: value, 'discrepancy-excess': value - mean(shuffled) };
}

async function measureGradients(task: TransferTask, target: tf.Tensor1D): Promise<Measures> {
  const { network, support, items } = task;
  const random = purpose(task, 'gradients');
  const source = balancedSample(items.trainingByClass, items.classes, EACH, random);
  const some = selectRows(support, random.sample([...support.rows.keys()], MOST_SUPPORT));
  const batch = await readBilevel(task, some, source);
  const [cosine = Number.NaN] = await read(() => {
    const { encoder, embedder, head } = network.parts;
    const [theta, rest] = tf.split(target, [encoder, embedder + head]) as [tf.Tensor1D, tf.Tensor1D];
    return gradientCosine(bilevelLosses(network, { ...tensorsOf(batch), model: task.model }), theta, rest);
  });
  return { 'gradient-cosine': cosine };
}

async function measureDistances(
  task: TransferTask,
  target: tf.Tensor1D,
  distances: readonly DistanceOf[],
): Promise<Measures> {
  const sample = sampleSource(task, purpose(task, 'distances'));
  const measured: Record<string, number> = {};
  try {
    for (const distanceOf of [meanDiscrepancy, gaussianOtdd, ...distances]) {
      const random = purpose(task, 'distance');
      const distance = distanceOf(sample, random);
      if (measured[distance.name] !== undefined) continue;
      const [value = Number.NaN] = await read(() => {
        const found = distance.of(embedClasses(task, target, random));
        return distance.offset === undefined ? found : tf.add(found, distance.offset());
      });
      measured[distance.name] = value;
    }
  } finally {
    sample.embeddings.dispose();
  }
  return measured;
}

/** Features of the source items at some places, through the source's embedder and the encoder of the target's weights. */
async function sourceFeatures(
  task: TransferTask,
  target: tf.Tensor1D,
  { rows, labels }: LabelledRows,
  places: readonly number[],
): Promise<Labelled> {
  const features = new Float32Array(places.length * EMBEDDING);
  for (let start = 0; start < places.length; start += BLOCK) {
    const block = places.slice(start, start + BLOCK).map((place) => rows[place] ?? 0);
    const values = await read(() => {
      const tensors = allTensors(task, target);
      return task.network.encode(tensors, enterSource(task, tensors, block));
    });
    features.set(values, start * EMBEDDING);
  }
  return {
    features: { rows: places.length, columns: EMBEDDING, data: features },
    labels: places.map((place) => labels[place] ?? 0),
  };
}

async function read(compute: () => tf.Tensor): Promise<Float32Array> {
  const tensor = tf.tidy(compute);
  try {
    return Float32Array.from(await tensor.data());
  } finally {
    tensor.dispose();
  }
}
