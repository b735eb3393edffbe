import type { Check } from './check.ts';

/** The largest class over the smallest. Ten is where the literature on long tails begins to measure (CIFAR-10-LT). */
export const IMBALANCE_RATIO = 10;

const PROBLEMS = `INSERT INTO problems BY NAME
  WITH classes AS (
    SELECT modality, class, count(*) AS size FROM checked WHERE class IS NOT NULL GROUP BY ALL
  ), extremes AS (
    SELECT modality, max(size) AS most, min(size) AS fewest, arg_max(class, (size, class)) AS largest,
      arg_min(class, (size, class)) AS smallest, count(*) AS total
    FROM classes GROUP BY modality HAVING most >= ${IMBALANCE_RATIO} * fewest
  )
  SELECT
    'class-imbalance' AS kind,
    'warning' AS severity,
    '.' AS "where",
    format('The largest class has {:.0f} times as many {} items as the smallest: {} has {:,} and {} has {:,}. ',
        most / fewest, modality, largest, most, smallest, fewest)
      || format('Classes with a tenth of the largest or less: {:,} of {:,}. Balance them, or weigh what you measure by class.',
        (SELECT count(*) FROM classes WHERE classes.modality = extremes.modality AND ${IMBALANCE_RATIO} * size <= most),
        total) AS sentence,
    []::VARCHAR[] AS items
  FROM extremes`;

/** A modality in which the largest class has ten times as many items as the smallest, or more. */
export const classImbalance: Check = {
  inContents: [],
  run: ({ database }, { signal }) => database.run(PROBLEMS, {}, signal),
};
