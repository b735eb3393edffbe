import type { AdamStates } from '../adams.ts';
import { itemsPerClass } from '../splits.ts';
import { adaptAndAnswer, placeOf } from './fewShot.ts';
import { learnerOf, requireSources } from './learner.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { sourceOnly } from './sourceOnly.ts';

/**
 * Source to source (methods.md 1.8, `--reptile2`): {@link sourceOnly}, but the test tasks are asked in the source
 * modality: k source items of each class as support, and as many source queries as other methods get target queries. It
 * says how much few-shot learning gives where no modality is crossed.
 * @throws InputError when a validation or test class has too few source items.
 */
export function sourceToSource(lesson: Lesson, states?: AdamStates): LearningMethod {
  requireSources(lesson, 'source-to-source', itemsPerClass(lesson.settings));
  const learner = learnerOf(lesson);
  const { queries } = lesson.settings;
  return {
    ...sourceOnly(lesson, states),
    notes: ['`source-to-source` is asked about source items: its support and queries are not those of other methods.'],
    solve(weights, task, shots) {
      const sources = lesson.episodes.sources.of(task);
      const asked = sources.flatMap((rows) => rows.slice(0, queries));
      const shown = Array.from({ length: shots }, (_, shot) => sources.map((rows) => rows[queries + shot] ?? 0)).flat();
      const support = { rows: shown, labels: shown.map((_, i) => i % sources.length) };
      return adaptAndAnswer(learner, learner.source, weights, support, asked, placeOf(task, shots));
    },
  };
}
