import { alignment } from '../objectives.ts';
import { drawAlignmentTask } from '../tasks.ts';
import { fewShot, learnerOf } from './fewShot.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { reptile, reptileOnSource } from './reptile.ts';

/**
 * CROMA (Liang et al. 2021; methods.md 1.5 in the variant of 1.11): every meta-iteration is Reptile on a source
 * classification task, then Reptile on an alignment task.
 */
export function croma(lesson: Lesson): LearningMethod {
  const learner = learnerOf(lesson);
  const { network, episodes, settings } = learner;
  return {
    ...fewShot(learner),
    total: settings.iterations,
    async iterate(meta, step) {
      const classified = await reptileOnSource(learner, meta, step);
      const { ways, metaShots } = settings;
      const task = drawAlignmentTask(episodes.pools, episodes.strength, ways, metaShots, step.random);
      const objective = alignment(network, episodes, task, settings, step.random);
      try {
        const { weights, losses } = await reptile(classified.weights, objective, settings, step);
        return { weights, losses: { ...classified.losses, ...losses } };
      } finally {
        classified.weights.dispose();
      }
    },
  };
}
