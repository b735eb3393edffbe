const SPLITS: ReadonlySet<string> = new Set(
  'train training trn val valid validation dev devel test testing tst eval evaluation holdout'.split(' '),
);

/** True for the usual names of a split, in any case. */
export function isSplitName(name: string): boolean {
  return SPLITS.has(name.toLowerCase());
}

/** The values that are there, once each, most frequent first. */
export function byFrequency(values: Iterable<string>): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}
