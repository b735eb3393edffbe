import type { Check } from './check.ts';

const CELLS = `CREATE OR REPLACE TABLE class_cells AS
  SELECT DISTINCT class, split, place, modality FROM checked WHERE class IS NOT NULL`;

/** Splits that share no class are made so, for few-shot learning; one shared class is enough to compare them. */
const SPLITS = `INSERT INTO problems BY NAME
  WITH classes AS (SELECT DISTINCT class FROM class_cells WHERE split IS NOT NULL),
  absent AS (
    SELECT splits.split, list(class ORDER BY class) AS names
    FROM classes CROSS JOIN (SELECT DISTINCT split FROM class_cells WHERE split IS NOT NULL) splits
    ANTI JOIN class_cells cells ON cells.class = classes.class AND cells.split = splits.split
    GROUP BY splits.split
  )
  SELECT
    'absent-class' AS kind,
    'warning' AS severity,
    '.' AS "where",
    format('The split {} has no item of {:,} of {:,} classes: {}. Divide each class among the splits.',
      split, len(names), (SELECT count(*) FROM classes), named(names)) AS sentence,
    []::VARCHAR[] AS items
  FROM absent
  WHERE EXISTS (SELECT class FROM class_cells WHERE split IS NOT NULL GROUP BY class HAVING count(DISTINCT split) > 1)`;

/** A modality without any class is not labelled, which is no fault. */
const MODALITIES = `INSERT INTO problems BY NAME
  WITH classes AS (SELECT DISTINCT class FROM class_cells),
  absent AS (
    SELECT modalities.modality, list(class ORDER BY class) AS names
    FROM classes CROSS JOIN (SELECT DISTINCT modality FROM class_cells) modalities
    ANTI JOIN class_cells cells ON cells.class = classes.class AND cells.modality = modalities.modality
    GROUP BY modalities.modality
  )
  SELECT
    'absent-class' AS kind,
    'warning' AS severity,
    '.' AS "where",
    format('There is no {} item of {:,} of {:,} classes: {}. Add some, or leave these classes out.',
      modality, len(names), (SELECT count(*) FROM classes), named(names)) AS sentence,
    []::VARCHAR[] AS items
  FROM absent`;

/** Classes that a split or a modality has no item of, while others have. */
export const absentClasses: Check = {
  inContents: [],
  run: async ({ database }, { signal }) => {
    for (const statement of [CELLS, SPLITS, MODALITIES]) await database.run(statement, {}, signal);
  },
};
