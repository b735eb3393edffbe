import type { Classes, Marks } from './ahead.ts';

/** Element p of both belongs to pair p: its query and its candidate. */
export interface PairLinks {
  readonly queries: Uint32Array;
  readonly candidates: Uint32Array;
}

/** The links seen from the candidates. */
export function turnedLinks({ queries, candidates }: PairLinks): PairLinks {
  return { queries: candidates, candidates: queries };
}

/** The different partners of every owner by index, and the mark of each pair. `scores` holds the pairs' similarities. */
export function markPairs(
  links: PairLinks,
  owners: number,
  scores: Float32Array,
): { marks: Marks; markOf: Uint32Array } {
  const order = Uint32Array.from(scores.keys()).sort(
    (a, b) =>
      (links.queries[a] ?? 0) - (links.queries[b] ?? 0) || (links.candidates[a] ?? 0) - (links.candidates[b] ?? 0),
  );
  const starts = new Uint32Array(owners + 1);
  const [others, kept] = [new Uint32Array(order.length), new Float32Array(order.length)];
  const markOf = new Uint32Array(order.length);
  let marks = 0;
  let [owner, other] = [-1, -1];
  for (const pair of order) {
    if (links.queries[pair] !== owner || links.candidates[pair] !== other) {
      [owner, other] = [links.queries[pair] ?? 0, links.candidates[pair] ?? 0];
      others[marks] = other;
      kept[marks++] = scores[pair] ?? 0;
      starts[owner + 1] = marks;
    }
    markOf[pair] = marks - 1;
  }
  for (let o = 1; o <= owners; o++) starts[o] = Math.max(starts[o] ?? 0, starts[o - 1] ?? 0);
  return { marks: { starts, others: others.slice(0, marks), scores: kept.slice(0, marks) }, markOf };
}

/** Whether `other` is one of the owner's marked partners. */
export function isMarked({ starts, others }: Marks, owner: number, other: number): boolean {
  for (let mark = starts[owner] ?? 0; mark < (starts[owner + 1] ?? 0); mark++) if (others[mark] === other) return true;
  return false;
}

export function isSameClass({ owners, others }: Classes, owner: number, other: number): boolean {
  const own = owners[owner] ?? -1;
  return own >= 0 && others[other] === own;
}

/** The classes seen from the others. */
export function turnedClasses({ owners, others }: Classes): Classes {
  return { owners: others, others: owners };
}
