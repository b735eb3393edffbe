import { classification } from '../objectives.ts';
import { drawClassificationTask } from '../tasks.ts';
import { fewShot } from './fewShot.ts';
import { learnerOf } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { reptileOnPart } from './reptile.ts';

/**
 * Oracle (methods.md 1.8, `--reptile1`): Reptile on classification tasks of labelled TARGET items of the meta-training
 * classes, which the other methods do not have. Nothing crosses modalities.
 */
export function oracle(lesson: Lesson): LearningMethod {
  const learner = learnerOf(lesson);
  const { episodes, settings, target } = learner;
  const shared = fewShot(learner);
  return {
    ...shared,
    total: settings.iterations,
    work: { ...shared.work, iteration: settings.innerSteps },
    notes: ['`oracle` learns from the labels of target items of the meta-training classes.'],
    async iterate(meta, step) {
      const task = drawClassificationTask(episodes.pools, settings.ways, settings.metaShots, step.random, 'targets');
      const objective = classification(target, target.inputs, task, settings, step.random);
      return await reptileOnPart(meta, target, objective, settings, step);
    },
  };
}
