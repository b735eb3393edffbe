import * as tf from '@tensorflow/tfjs-core';
import { type AdamStates, Adams, keeping } from '../adams.ts';
import { inPartsIf, type Objective, slopeOf } from '../descent.ts';
import { readItems } from '../inputs.ts';
import { EMBEDDING } from '../networks/encoders.ts';
import { Layout } from '../networks/layout.ts';
import { linear, relu, sequence } from '../networks/modules.ts';
import { drawClassificationTask } from '../tasks.ts';
import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson, MetaStep } from './method.ts';
import { Reptile } from './reptile.ts';

const HIDDEN = 128;

/**
 * Autoencoder pre-training (methods.md 1.4 and 1.8, `--ae`): Reptile on the reconstruction of target items of the
 * meta-training classes, mean squared error of decode(align(e_t(x))) against x. Their labels are not learned from; they say
 * which items share a task. The decoder lies behind the network's weights and is of no use at the test.
 */
export function autoencoder(lesson: Lesson, states?: AdamStates): LearningMethod {
  const learner = learnerOf(lesson);
  const { network, episodes, settings, target } = learner;
  const values = target.inputs.shape.reduce((product, length) => product * length, 1);
  const decoder = sequence(linear('decoder.hidden', EMBEDDING, HIDDEN), relu, linear('decoder.output', HIDDEN, values));
  const layout = new Layout([...network.layout.parameters, ...decoder.parameters]);
  const part = { begin: target.begin, layout: new Layout([...target.layout.parameters, ...decoder.parameters]) };
  const shared = fewShot(learner);
  const adams = new Adams(settings.learningRate, states);
  const reptile = new Reptile(learner, adams);

  const slope = slopeOf<'items'>((weights, { items }) => {
    const tensors = part.layout.cut(weights);
    const decoded = decoder.apply(tensors, target.embed(tensors, items));
    return tf.mean(tf.square(tf.sub(decoded, tf.reshape(items, [-1, values]))));
  });
  const reconstruction = ({ random }: MetaStep): Objective<'items'> => {
    const { ways, metaShots, alignmentBatch } = settings;
    const { rows } = drawClassificationTask(episodes.pools, ways, metaShots, random, 'targets');
    return {
      term: 'reconstruction',
      next: async () => ({ items: await readItems(lesson.episodes.target, random.sample(rows, alignmentBatch)) }),
      slope,
      ...inPartsIf(settings),
    };
  };

  return {
    ...shared,
    ...keeping(adams),
    size: layout.size,
    total: settings.iterations,
    work: { ...shared.work, iteration: settings.innerSteps },
    initialise: (random) => layout.initialise(random),
    iterate: (meta, step) => reptile.onPart(meta, part, reconstruction(step), step),
  };
}
