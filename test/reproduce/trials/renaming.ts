import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { knowledgeDiscrepancy } from '../../../src/base/knowledgeDiscrepancy.ts';
import { fromRows, type Matrix } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';
import { centroid, unitRows } from '../../../src/learning/centroids.ts';
import { type Episodes, planEpisodes } from '../../../src/learning/episodes.ts';
import type { Side } from '../../../src/learning/galleries.ts';
import { defaultSettings } from '../../../src/learning/settings.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import { verdict } from '../finding.ts';
import { estimate } from '../results.ts';
import { trial } from './trial.ts';

const settings = { ...defaultSettings, iterations: 100 };
const SHUFFLES = 20;
/** Two sums of the same numbers in another order. */
const ROUNDING = 1e-9;

export const renaming = trial({
  id: 'M8',
  statement: 'Renaming the source’s classes does not change D; wrong labels on half of the target’s items raise it',
  evidence: z.object({ value: z.number(), renamed: z.array(z.number()), mislabelled: z.array(z.number()) }),
  async measure(data) {
    const episodes = planEpisodes(data, settings);
    const { probabilities, labels } = await predictTargets(episodes);
    const random = Random.of(0, 'renaming');
    const discrepancy = (predicted: Matrix, shown: readonly number[]) =>
      knowledgeDiscrepancy(predicted, shown, episodes.classes.test.length, 0).value;
    const repeat = (one: () => number) => Array.from({ length: SHUFFLES }, one);
    return {
      value: discrepancy(probabilities, labels),
      renamed: repeat(() => discrepancy(withColumnsShuffled(probabilities, random), labels)),
      mislabelled: repeat(() => discrepancy(probabilities, withHalfShuffled(labels, random))),
    };
  },
  judge({ value, renamed, mislabelled }) {
    const largest = Math.max(...renamed.map((other) => Math.abs(other - value)));
    const rise = estimate(mislabelled.map((other) => other - value));
    return verdict(
      largest < ROUNDING && rise.mean - rise.interval > 0,
      `D ${value.toFixed(3)}; renamed it differs by ${largest.toExponential(0)} at most; mislabelled it rises by ${rise.mean.toFixed(3)} ± ${rise.interval.toFixed(3)}`,
      `over ${renamed.length} permutations each`,
    );
  },
});

/**
 * What a model of the source says about the target's items of the test classes: cosines with the centroids of the
 * meta-training classes of the source, in CROMA's space, through a softmax.
 */
async function predictTargets(episodes: Episodes): Promise<{ probabilities: Matrix; labels: number[] }> {
  const trainer = new Trainer('croma', { episodes, settings });
  while (trainer.iteration < trainer.total) await trainer.step();
  const { weights } = await trainer.selected();
  const start = tf.tensor1d(weights);
  const embed = async (side: Side, rows: readonly number[]) =>
    unitRows((await trainer.method.embed?.(start, side, rows)) ?? []);
  const centroids: Float32Array[] = [];
  for (const { classification, alignedSources } of episodes.pools) {
    centroids.push(centroid(await embed('source', [...classification, ...alignedSources])));
  }
  const rowsOf = (label: number) =>
    [...episodes.target.classes.keys()].filter((row) => episodes.target.classes[row] === label);
  const items = episodes.classes.test.flatMap((name, label) => rowsOf(name).map((row) => ({ row, label })));
  const embedded = await embed(
    'target',
    items.map(({ row }) => row),
  );
  start.dispose();
  trainer.dispose();
  const queries = fromRows(embedded);
  const directions = fromRows(unitRows(centroids));
  const probabilities = tf.tidy(() => {
    const tensorOf = ({ rows, columns, data }: Matrix) => tf.tensor2d(data, [rows, columns]);
    const cosines = tf.matMul(tensorOf(queries), tensorOf(directions), false, true);
    return tf.softmax(tf.div(cosines, settings.temperature)).dataSync<'float32'>();
  });
  return {
    probabilities: { rows: queries.rows, columns: directions.rows, data: probabilities },
    labels: items.map(({ label }) => label),
  };
}

function withColumnsShuffled({ rows, columns, data }: Matrix, random: Random): Matrix {
  const order = random.shuffle([...Array(columns).keys()]);
  const shuffled = Float32Array.from(data, (_, at) => {
    const row = Math.floor(at / columns);
    return data[row * columns + (order[at % columns] ?? 0)] ?? 0;
  });
  return { rows, columns, data: shuffled };
}

function withHalfShuffled(labels: readonly number[], random: Random): number[] {
  const places = random.sample([...labels.keys()], Math.floor(labels.length / 2));
  const handed = random.shuffle(places);
  const shown = [...labels];
  for (const [at, place] of places.entries()) shown[place] = labels[handed[at] ?? 0] ?? 0;
  return shown;
}
