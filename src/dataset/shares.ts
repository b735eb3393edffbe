import type { Database } from '../base/database.ts';

/** What is joined of so many items at a time fits in the memory of the scratch database. */
const ITEMS_PER_SHARE = 250_000;

/**
 * Does work on the `items` share after share.
 *
 * @param work is given a condition in SQL, by the expression for the path or the id of an item, that holds for the items of
 * one share
 */
export async function shareByShare(
  database: Database,
  work: (isOfShare: (name: string) => string) => Promise<void>,
): Promise<void> {
  const shares = Math.ceil((await database.countRows('items')) / ITEMS_PER_SHARE);
  if (shares <= 1) return await work(() => 'true');
  for (let share = 0; share < shares; share++) await work((name) => `hash(${name}) % ${shares} = ${share}`);
}
