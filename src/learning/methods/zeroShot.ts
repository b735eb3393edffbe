import type { AdamStates } from '../adams.ts';
import { cosineDistance, nearest, unitRows } from '../centroids.ts';
import { queriesOf } from '../tasks.ts';
import { croma } from './croma.ts';
import { embeddings, fewShot } from './fewShot.ts';
import { learnerOf, requireSources } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';

/**
 * Zero-shot: trained as CROMA, then no target label at all. A query takes the class whose labelled SOURCE items have the
 * nearest mean direction in the shared space (cosine, as CLIP classifies by the mean of its prompts). So it is the same for
 * every k.
 * @throws InputError when a validation or test class has no source items.
 */
export function zeroShot(lesson: Lesson, states?: AdamStates): LearningMethod {
  requireSources(lesson, 'zero-shot', 1);
  const learner = learnerOf(lesson);
  return {
    ...croma(lesson, states),
    work: { ...fewShot(learner).work, task: 1 },
    notes: [
      '`zero-shot` uses labelled source items of the test classes, and no target labels: it is equal for every k.',
    ],
    async solve(weights, task) {
      const { source, target } = learner;
      const sources = lesson.episodes.sources.apartFromQueries(task);
      const classes: Float32Array[][] = [];
      for (const rows of sources) classes.push(unitRows(await embeddings(source, weights, rows)));
      const asked = await embeddings(target, weights, queriesOf(task).rows);
      return { predicted: nearest(unitRows(asked), classes, cosineDistance) };
    },
  };
}
