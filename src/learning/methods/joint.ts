import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../base/random.ts';
import { type AdamStates, Adams, keeping } from '../adams.ts';
import { descend, inPartsIf, type Objective, slopeOf } from '../descent.ts';
import { crossEntropy } from '../losses.ts';
import { EMBEDDING } from '../networks/encoders.ts';
import { Layout } from '../networks/layout.ts';
import { linear, relu, sequence } from '../networks/modules.ts';
import { type LabelledItems, readLabelled, selectRows } from '../objectives.ts';
import type { LabelledRows } from '../tasks.ts';
import { fewShot } from './fewShot.ts';
import { type Branch, learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';

/** Items of both modalities, and their labels among all classes. */
type Drawn = 'sources' | 'sourceLabels' | 'targets' | 'targetLabels';

/**
 * Joint training (methods.md 1.8, in the place of `--merge`, which the release cannot run): one classifier of all
 * meta-training classes at once over both encoders, by ordinary Adam, without meta-learning; then the adaptation of all
 * other methods. The classifier lies behind the network's weights and is of no use at the test.
 */
export function joint(lesson: Lesson, states?: AdamStates): LearningMethod {
  const learner = learnerOf(lesson);
  const { network, episodes, settings, source, target } = learner;
  const classes = episodes.pools.length;
  const head = sequence(relu, linear('classes', EMBEDDING, classes));
  const layout = new Layout([...network.layout.parameters, ...head.parameters]);
  const adams = new Adams(settings.learningRate, states);
  const labelled = { source: rowsOf(lesson, 'classification'), target: rowsOf(lesson, 'targets') };

  const slope = slopeOf<Drawn>((weights, given) => {
    const tensors = layout.cut(weights);
    const lossOf = (branch: Branch, items: tf.Tensor, labels: tf.Tensor): tf.Scalar =>
      crossEntropy(head.apply(tensors, branch.embed(tensors, items)) as tf.Tensor2D, labels as tf.Tensor2D);
    const ofSources = lossOf(source, given.sources, given.sourceLabels);
    return tf.div(tf.add(ofSources, lossOf(target, given.targets, given.targetLabels)), 2);
  });
  const objective = (random: Random): Objective<Drawn> => {
    const draw = ({ inputs }: Branch, all: LabelledRows): Promise<LabelledItems> =>
      readLabelled(inputs, selectRows(all, random.sample([...all.rows.keys()], settings.innerBatch)), classes);
    return {
      term: 'classification',
      async next() {
        const drawn = [draw(source, labelled.source), draw(target, labelled.target)] as const;
        const [ofSource, ofTarget] = await Promise.all(drawn);
        return {
          ...{ sources: ofSource.items, sourceLabels: ofSource.labels },
          ...{ targets: ofTarget.items, targetLabels: ofTarget.labels },
        };
      },
      slope,
      ...inPartsIf(settings),
    };
  };

  return {
    ...fewShot(learner),
    ...keeping(adams),
    aligns: true,
    size: layout.size,
    total: settings.iterations,
    notes: ['`joint` learns from the labels of target items of the meta-training classes.'],
    initialise: (random) => layout.initialise(random),
    async iterate(meta, { iteration, random }) {
      const drawn = objective(random);
      const adam = adams.of(drawn.term, layout.size, 0.9);
      const { weights, loss } = await descend(meta, settings.innerSteps, drawn, adam, `iteration ${iteration}`);
      return { weights, losses: { [drawn.term]: loss } };
    },
  };
}

/** The rows of all meta-training classes with the place of their class. */
function rowsOf({ episodes }: Lesson, kind: 'classification' | 'targets'): LabelledRows {
  return {
    rows: episodes.pools.flatMap((pool) => pool[kind]),
    labels: episodes.pools.flatMap((pool, label) => pool[kind].map(() => label)),
  };
}
