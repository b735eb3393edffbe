import type * as tf from '@tensorflow/tfjs-core';
import { remembered } from '../../base/remembered.ts';
import { type AdamStates, Adams, keeping } from '../adams.ts';
import { nearest, squaredDistance } from '../centroids.ts';
import { inPartsIf, type Objective, slopeOf } from '../descent.ts';
import { readItems } from '../inputs.ts';
import { prototypical } from '../losses.ts';
import { averaging } from '../numbers.ts';
import { readLabelled, selectRows } from '../objectives.ts';
import { drawClassificationTask, type LabelledRows, queriesOf, supportOf } from '../tasks.ts';
import { embeddings, fewShot } from './fewShot.ts';
import { type Branch, type Learner, learnerOf } from './learner.ts';
import type { LearningMethod, Lesson, MetaStep } from './method.ts';
import { inTurn, Reptile } from './reptile.ts';

/**
 * Prototypical CROMA (methods.md 1.8, after sunyookim/crossmodal): Reptile on the prototypical loss of source tasks, then
 * Reptile on an alignment task. At the test nothing is trained: a query takes the label of the nearest mean of the support
 * in the shared space.
 */
export function prototypes(lesson: Lesson, states?: AdamStates): LearningMethod {
  const learner = learnerOf(lesson);
  const { settings, source, target } = learner;
  const shared = fewShot(learner);
  const adams = new Adams(settings.learningRate, states);
  const reptile = new Reptile(learner, adams);
  return {
    ...shared,
    ...keeping(adams),
    aligns: true,
    total: settings.iterations,
    work: { ...shared.work, task: 1 },
    iterate: (meta, step) =>
      inTurn(
        meta,
        (weights) => reptile.onPart(weights, source, prototypicalTask(learner, step), step),
        (weights) => reptile.onPairs(weights, step),
      ),
    async solve(weights, task, shots) {
      const support = supportOf(task, shots);
      const shown = await embeddings(target, weights, support.rows);
      const ofLabel = task.classes.map((_, label) => shown.filter((_, i) => support.labels[i] === label));
      const asked = await embeddings(target, weights, queriesOf(task).rows);
      return { predicted: nearest(asked, ofLabel, squaredDistance) };
    },
  };
}

/** Of one source task. */
type Halves = Readonly<Record<'support' | 'queries', LabelledRows>>;

/** The items of both halves, how to take the means of the support's labels, and the labels of the queries, one-hot. */
type Drawn = 'support' | 'means' | 'queries' | 'labels';

const prototypicalSlope = remembered((source: Branch) =>
  slopeOf<Drawn>((weights, { support, means, queries, labels }) => {
    const tensors = source.layout.cut(weights);
    const [shown, asked] = [source.embed(tensors, support), source.embed(tensors, queries)];
    return prototypical(shown, means, asked, labels as tf.Tensor2D);
  }),
);

/** The prototypical loss of one source task: at every step other halves of its items are support and queries. */
function prototypicalTask({ source, episodes, settings }: Learner, { random }: MetaStep): Objective<Drawn> {
  const { ways, metaShots, innerBatch } = settings;
  const task = drawClassificationTask(episodes.pools, ways, metaShots, random);
  return {
    term: 'classification',
    async next() {
      const halves = halve(task, innerBatch, random.shuffle([...task.rows.keys()]));
      const [support, queries] = await Promise.all([
        readItems(source.inputs, halves.support.rows),
        readLabelled(source.inputs, halves.queries, ways),
      ]);
      return { support, means: averaging(halves.support.labels), queries: queries.items, labels: queries.labels };
    },
    slope: prototypicalSlope(source),
    ...inPartsIf(settings),
  };
}

/** The first half of each class, in the order given, and up to `most` of all others; a class's only item is support. */
function halve(task: LabelledRows, most: number, order: readonly number[]): Halves {
  const [support, queries]: [number[], number[]] = [[], []];
  for (const label of new Set(task.labels)) {
    const own = order.filter((place) => task.labels[place] === label);
    const half = Math.ceil(own.length / 2);
    support.push(...own.slice(0, half));
    queries.push(...own.slice(half));
  }
  const asked = order.filter((place) => queries.includes(place)).slice(0, most);
  return { support: selectRows(task, support), queries: selectRows(task, asked.length > 0 ? asked : support) };
}
