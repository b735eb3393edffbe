import * as tf from '@tensorflow/tfjs-core';
import { remembered } from '../../base/remembered.ts';
import { type AdamStates, Adams } from '../adams.ts';
import { descend, type Objective, type Slope } from '../descent.ts';
import type { Layout, WeightVector } from '../networks/layout.ts';
import { alignment, classification, type LabelledItems } from '../objectives.ts';
import { drawAlignmentTask, drawClassificationTask, queriesOf, supportOf } from '../tasks.ts';
import { adapt, answer, fewShot, placeOf } from './fewShot.ts';
import { learnerOf, type Part, partOf, withPart } from './learner.ts';
import type { Learned, LearningMethod, Lesson, MetaStep } from './method.ts';
import { inTurn } from './reptile.ts';

/** Test tasks on which the release chooses its best iterate. */
const SELECTION_TASKS = 8;

/**
 * CROMA as its released code computes it (methods.md 1.10; peter-yh-wu/xmodal), to show what its defects do and for nothing
 * else. A clone shares the encoders with the meta-model, so that the encoders keep all that any clone learns, also from the
 * support labels of the test tasks; head and align layer take a step of an Adam that lives as long as the training, along
 * Reptile's direction; the loss is the hinge; the best iterate is chosen on the first 8 test tasks.
 *
 * What test tasks taught the encoders since the last iteration is held here, since a caller's weights are never changed:
 * it is added to the weights that come next.
 */
export function cromaReleased(lesson: Lesson, states?: AdamStates, carried?: Float32Array): LearningMethod {
  const learner = learnerOf({ ...lesson, settings: { ...lesson.settings, alignmentLoss: 'hinge' } });
  const { network, episodes, settings, source, target } = learner;
  const { layout } = network;
  const adams = new Adams(settings.learningRate, states);
  const shared = tf.tensor1d(encoderMask(layout));
  let leaked: tf.Tensor1D = carried === undefined ? tf.zeros([layout.size]) : tf.tensor1d(carried);

  const leak = (values: tf.Tensor1D): void => {
    leaked.dispose();
    leaked = values;
  };

  const learn = async (meta: tf.Tensor1D, objective: Objective, { iteration }: MetaStep): Promise<Learned> => {
    const inner = adams.of(objective.term, layout.size, 0);
    const place = `meta-iteration ${iteration}`;
    const { weights, loss } = await descend(meta, settings.innerSteps, objective, inner, place);
    const [kept, direction] = tf.tidy((): [tf.Tensor1D, tf.Tensor1D] => {
      const learned = tf.sub(weights, meta);
      const ofEncoders = tf.mul(learned, shared);
      return [tf.add(meta, ofEncoders), tf.sub(ofEncoders, learned)];
    });
    const stepped = adams.of('meta', layout.size, 0.9).update(kept, direction);
    tf.dispose([weights, kept, direction]);
    return { weights: stepped, losses: { [objective.term]: loss } };
  };

  const ofAllWeights = remembered((slope: Slope<keyof LabelledItems>) => widened(slope, source));
  const onSource = (meta: tf.Tensor1D, step: MetaStep): Promise<Learned> => {
    const task = drawClassificationTask(episodes.pools, settings.ways, settings.metaShots, step.random);
    const objective = classification(source, source.inputs, task, settings, step.random);
    return learn(meta, { ...objective, slope: ofAllWeights(objective.slope) }, step);
  };
  const onPairs = (meta: tf.Tensor1D, step: MetaStep): Promise<Learned> => {
    const { ways, metaShots } = settings;
    const task = drawAlignmentTask(episodes.pools, episodes.strength, ways, metaShots, step.random);
    return learn(meta, alignment(network, episodes, task, settings, step.random), step);
  };

  return {
    ...fewShot(learner),
    aligns: true,
    total: settings.iterations,
    selectionTasks: episodes.testTasks.slice(0, SELECTION_TASKS),
    notes: [
      '`croma-released` repeats defects of the released code: it chooses its iterate on test tasks and trains its ' +
        'encoders on their support labels. Its numbers are too good; do not compare with them.',
    ],
    async iterate(given, step) {
      const meta = tf.add<tf.Tensor1D>(given, leaked);
      leak(tf.zeros([layout.size]));
      try {
        return await inTurn(
          meta,
          (weights) => onSource(weights, step),
          (weights) => onPairs(weights, step),
        );
      } finally {
        meta.dispose();
      }
    },
    async solve(weights, task, shots) {
      const start = tf.tidy(() => partOf(tf.add(weights, leaked), target));
      try {
        const adapted = await adapt(learner, target, start, supportOf(task, shots), placeOf(task, shots));
        const predicted = await answer(target, adapted, queriesOf(task).rows);
        const more = tf.tidy(() => {
          const learned = tf.sub<tf.Tensor1D>(adapted, start);
          return tf.add<tf.Tensor1D>(leaked, tf.mul(withPart(tf.zeros([layout.size]), target, learned), shared));
        });
        adapted.dispose();
        leak(more);
        return { predicted };
      } finally {
        start.dispose();
      }
    },
    carried: async () => Float32Array.from(await leaked.data()),
    adamStates: () => adams.states(),
    dispose: () => {
      adams.dispose();
      tf.dispose([shared, leaked]);
    },
  };
}

/** 1 for the weights of the encoders, 0 for those of head and align layer, which clones copy. */
function encoderMask({ parameters }: Layout): WeightVector {
  return Float32Array.from(
    parameters.flatMap(({ name, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return Array.from({ length: size }, () => Number(!/^(head|align)\./.test(name)));
    }),
  );
}

/** What a slope by the weights of a part is by the whole weight vector. */
function widened<Name extends string>(slope: Slope<Name>, part: Part): Slope<Name> {
  return (weights, given) => {
    const { value, grad } = slope(partOf(weights, part), given);
    return { value, grad: withPart(tf.zerosLike(weights), part, grad) };
  };
}
