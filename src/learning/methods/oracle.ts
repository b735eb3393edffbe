import { type AdamStates, Adams, keeping } from '../adams.ts';
import { classification } from '../objectives.ts';
import { drawClassificationTask } from '../tasks.ts';
import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { Reptile } from './reptile.ts';

/**
 * Oracle (methods.md 1.8, `--reptile1`): Reptile on classification tasks of labelled TARGET items of the meta-training
 * classes, which the other methods do not have. Nothing crosses modalities.
 */
export function oracle(lesson: Lesson, states?: AdamStates): LearningMethod {
  const learner = learnerOf(lesson);
  const { episodes, settings, target } = learner;
  const shared = fewShot(learner);
  const adams = new Adams(settings.learningRate, states);
  const reptile = new Reptile(learner, adams);
  return {
    ...shared,
    ...keeping(adams),
    total: settings.iterations,
    work: { ...shared.work, iteration: settings.innerSteps },
    notes: ['`oracle` learns from the labels of target items of the meta-training classes.'],
    async iterate(meta, step) {
      const task = drawClassificationTask(episodes.pools, settings.ways, settings.metaShots, step.random, 'targets');
      const objective = classification(target, target.inputs, task, settings, step.random);
      return await reptile.onPart(meta, target, objective, step);
    },
  };
}
