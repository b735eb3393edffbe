import { nearest, squaredDistance } from '../centroids.ts';
import type { Objective } from '../descent.ts';
import { itemTensor } from '../inputs.ts';
import { prototypical } from '../losses.ts';
import { type LabelledItems, oneHot, readLabelled, selectRows } from '../objectives.ts';
import { drawClassificationTask, type LabelledRows, queriesOf, supportOf } from '../tasks.ts';
import { embeddings, fewShot } from './fewShot.ts';
import { type Learner, learnerOf } from './learner.ts';
import type { LearningMethod, Lesson, MetaStep } from './method.ts';
import { inTurn, reptileOnPairs, reptileOnPart } from './reptile.ts';

/**
 * Prototypical CROMA (methods.md 1.8, after sunyookim/crossmodal): Reptile on the prototypical loss of source tasks, then
 * Reptile on an alignment task. At the test nothing is trained: a query takes the label of the nearest mean of the support
 * in the shared space.
 */
export function prototypes(lesson: Lesson): LearningMethod {
  const learner = learnerOf(lesson);
  const { settings, source, target } = learner;
  const shared = fewShot(learner);
  return {
    ...shared,
    aligns: true,
    total: settings.iterations,
    work: { ...shared.work, task: 1 },
    iterate: (meta, step) =>
      inTurn(
        meta,
        (weights) => reptileOnPart(weights, source, prototypicalTask(learner, step), settings, step),
        (weights) => reptileOnPairs(learner, weights, step),
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
interface Halves<Half> {
  readonly support: Half;
  readonly queries: Half;
}

/** The prototypical loss of one source task: at every step other halves of its items are support and queries. */
function prototypicalTask(
  { source, episodes, settings }: Learner,
  { random }: MetaStep,
): Objective<Halves<LabelledItems>> {
  const { ways, metaShots, innerBatch } = settings;
  const task = drawClassificationTask(episodes.pools, ways, metaShots, random);
  return {
    term: 'classification',
    async next() {
      const halves = halve(task, innerBatch, random.shuffle([...task.rows.keys()]));
      const read = (half: LabelledRows) => readLabelled(source.inputs, half);
      const [support, queries] = await Promise.all([read(halves.support), read(halves.queries)]);
      return { support, queries };
    },
    loss(weights, { support, queries }) {
      const tensors = source.layout.cut(weights);
      const embed = ({ items }: LabelledItems) => source.embed(tensors, itemTensor(items));
      return prototypical(embed(support), support.labels, embed(queries), oneHot(queries.labels, ways));
    },
  };
}

/** The first half of each class, in the order given, and up to `most` of all others; a class's only item is support. */
function halve(task: LabelledRows, most: number, order: readonly number[]): Halves<LabelledRows> {
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
