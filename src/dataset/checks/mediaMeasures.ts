import type { ProblemKind, Severity } from '../../protocol.ts';
import type { Check } from './check.ts';

/** A sound is silent when at most one frame of 20 ms in a hundred is louder than −60 dBFS: a click at its start. */
export const SILENT_SHARE = 0.99;
/** One sample in a hundred at full scale is heard as distortion; a normalised sound reaches it in a few samples only. */
export const CLIPPED_SHARE = 0.01;
/** Half a grey level of 255: what a lossy format makes of a single colour stays below. */
export const FLAT_SPREAD = 0.5 / 255;
/** Shorter than a syllable, and than ten frames of a spectrogram with hops of 10 ms. */
export const SHORT_SECONDS = 0.1;
/** Smaller than one patch of a vision transformer; tracking pixels and broken thumbnails are. */
export const SMALL_PIXELS = 16;

interface Measure {
  readonly kind: ProblemKind;
  readonly severity: Severity;
  /** In SQL over `checked`. */
  readonly when: string;
  /** In SQL: what is wrong and what to do, as a sentence that lacks its subject. */
  readonly fault: string;
}

/** Silent sounds and single-coloured pictures in SQL: they are like all of their kind, so nothing is told by it. */
export const SAYS_NOTHING = `coalesce(silent >= ${SILENT_SHARE}, false) OR coalesce(spread < ${FLAT_SPREAD}, false)`;

const MEASURES: readonly Measure[] = [
  {
    kind: 'silent',
    severity: 'warning',
    when: `silent >= ${SILENT_SHARE}`,
    fault: `'is silent: record it again or exclude it.'`,
  },
  {
    kind: 'clipped',
    severity: 'warning',
    when: `clipped >= ${CLIPPED_SHARE} AND NOT coalesce(silent >= ${SILENT_SHARE}, false)`,
    fault: `printf('is clipped: %.1f %% of its samples are at full scale. Record it with less gain or exclude it.', 100 * clipped)`,
  },
  {
    kind: 'single-colour',
    severity: 'warning',
    when: `spread < ${FLAT_SPREAD}`,
    fault: `'shows a single colour: replace or exclude it.'`,
  },
  {
    kind: 'too-short',
    severity: 'warning',
    when: `modality = 'audio' AND seconds < ${SHORT_SECONDS}`,
    fault: `printf('lasts %.3f s, less than ${SHORT_SECONDS} s: replace or exclude it.', seconds)`,
  },
  {
    kind: 'too-small',
    severity: 'warning',
    when: `modality = 'image' AND least(width, height) < ${SMALL_PIXELS}`,
    fault: `printf('has %d × %d pixels, less than ${SMALL_PIXELS} a side: replace or exclude it.', width, height)`,
  },
];

/** Media that can be read and still say nothing. */
export const mediaMeasures: Check = {
  inContents: MEASURES.map(({ kind }) => kind),
  run: async ({ database }, { signal }) => {
    for (const { kind, severity, when, fault } of MEASURES) {
      const statement = `INSERT INTO problems BY NAME
        SELECT '${kind}' AS kind, '${severity}' AS severity, id AS "where", id || ' ' || ${fault} AS sentence,
          [id] AS items, 'Exclude ' || id AS fixTitle, [id] AS fixExclude
        FROM checked WHERE readable AND ${when}`;
      await database.run(statement, {}, signal);
    }
  },
};
