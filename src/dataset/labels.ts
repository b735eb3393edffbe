const { compare } = new Intl.Collator('en', { numeric: true });

/** The usual names of splits, in the order of their use (those that Hugging Face recognises). */
const SPLITS = [
  ['train', 'training'],
  ['validation', 'valid', 'val', 'dev'],
  ['test', 'testing', 'eval', 'evaluation'],
];

/** Classes as people sort them: `item 2` before `item 10`. */
export function compareClasses(a: string, b: string): number {
  return compare(a, b);
}

/** Splits in the order of their use: train, validation, test, then all others by name. */
export function compareSplits(a: string, b: string): number {
  return placeOf(a) - placeOf(b) || compare(a, b);
}

/** The different labels of a dataset, in order; what has none is left out. */
export function distinctLabels(
  labels: Iterable<string | undefined>,
  order: (a: string, b: string) => number,
): string[] {
  const there = new Set<string>();
  for (const label of labels) if (label !== undefined) there.add(label);
  return [...there].sort(order);
}

function placeOf(split: string): number {
  const place = SPLITS.findIndex((names) => names.includes(split.toLowerCase()));
  return place < 0 ? SPLITS.length : place;
}
