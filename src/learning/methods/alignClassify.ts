import { type AdamStates, Adams, keeping } from '../adams.ts';
import { descend, inPartsIf, type Objective } from '../descent.ts';
import { alignmentSlope, type PairedItems, readPairs, selectPairs } from '../objectives.ts';
import { drawAlignmentTask } from '../tasks.ts';
import { fewShot } from './fewShot.ts';
import { type Learner, learnerOf } from './learner.ts';
import type { LearningMethod, Lesson, MetaStep } from './method.ts';
import { inTurn, Reptile } from './reptile.ts';

/**
 * Align + classify, CROMA's ablation without meta-learning of the alignment (methods.md 1.8): Reptile on a source
 * classification task as in CROMA, then `innerSteps` ordinary steps of one Adam that lives as long as the training,
 * right on the weights, each over a new batch of pairs from all meta-training classes. Batch, loss and number of steps are
 * those of CROMA, so that the difference is the meta-learning.
 */
export function alignClassify(lesson: Lesson, states?: AdamStates): LearningMethod {
  const learner = learnerOf(lesson);
  const { network, settings } = learner;
  const adams = new Adams(settings.learningRate, states);
  const reptile = new Reptile(learner, adams);
  return {
    ...fewShot(learner),
    ...keeping(adams),
    aligns: true,
    total: settings.iterations,
    iterate: (meta, step) =>
      inTurn(
        meta,
        (weights) => reptile.onSource(weights, step),
        async (start) => {
          const objective = ordinaryAlignment(learner, step);
          const adam = adams.of(objective.term, network.layout.size, 0.9);
          const place = `meta-iteration ${step.iteration}`;
          const { weights, loss } = await descend(start, settings.innerSteps, objective, adam, place);
          return { weights, losses: { [objective.term]: loss } };
        },
      ),
  };
}

/** The alignment loss over as many pairs as a step of CROMA aligns, but drawn anew at every step, and from all classes. */
function ordinaryAlignment(
  { network, episodes, settings }: Learner,
  { random }: MetaStep,
): Objective<keyof PairedItems> {
  const { pools, strength } = episodes;
  return {
    term: 'alignment',
    next() {
      const drawn = drawAlignmentTask(pools, strength, pools.length, settings.metaShots, random);
      const pairs = selectPairs(drawn, random.sample([...drawn.labels.keys()], settings.alignmentBatch));
      return readPairs(episodes, pairs, settings);
    },
    slope: alignmentSlope(network)(settings),
    ...inPartsIf(settings),
  };
}
