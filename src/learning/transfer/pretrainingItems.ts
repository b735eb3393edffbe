import { Random } from '../../base/random.ts';
import type { Episodes } from '../episodes.ts';
import type { LabelledRows } from '../tasks.ts';

/** Each so many-th item of a class is held out. */
const HELD_OUT = 4;

/** The labelled source items of the meta-training classes: label i is class i of the pools. */
export interface PretrainingItems {
  readonly classes: number;
  /** What the source model is trained on, and what a target task may see of the source; also class by class. */
  readonly training: LabelledRows;
  readonly trainingByClass: readonly (readonly number[])[];
  /** A quarter of each class, which nothing is trained on. */
  readonly heldOut: LabelledRows;
}

/** All source items, of both halves of each class: these methods use no pairs, so that nothing need be reserved. */
export function pretrainingItems({ pools }: Pick<Episodes, 'pools'>, seed: number): PretrainingItems {
  const shuffled = pools.map((pool) =>
    Random.of(seed, `source items of class ${pool.class}`).shuffle([...pool.classification, ...pool.alignedSources]),
  );
  const heldOut = shuffled.map((rows) => rows.slice(0, Math.floor(rows.length / HELD_OUT)));
  const trainingByClass = shuffled.map((rows) => rows.slice(Math.floor(rows.length / HELD_OUT)));
  return { classes: pools.length, training: labelled(trainingByClass), trainingByClass, heldOut: labelled(heldOut) };
}

/** `each` rows of `count` random classes, class after class; a class with fewer repeats them. */
export function balancedSample(
  byClass: readonly (readonly number[])[],
  count: number,
  each: number,
  random: Random,
): LabelledRows {
  const filled = byClass.flatMap((rows, label) => (rows.length > 0 ? [label] : []));
  const labels = random.sample(filled, count).flatMap((label) => Array<number>(each).fill(label));
  const drawn = byClass.map((rows) => random.sample(rows, each));
  const rows = labels.map((label, i) => {
    const own = drawn[label] ?? [];
    return own[(i % each) % own.length] ?? 0;
  });
  return { rows, labels };
}

function labelled(rows: readonly (readonly number[])[]): LabelledRows {
  return { rows: rows.flat(), labels: rows.flatMap((own, label) => own.map(() => label)) };
}
