import type { Job } from '../../base/progress.ts';
import type { Classes, Marks } from './ahead.ts';
import { mergeNearest, type NearestLists } from './nearest.ts';
import type { ClassSpan } from './passWork.ts';
import type { Products } from './pool.ts';
import { pickRows, type Rows } from './rows.ts';
import { EDGE } from './tile.ts';

/** The best match of every query and of every candidate that has one, by class. O(N M D / classes). */
export async function bestClassMarks(
  products: Products,
  queries: Rows,
  candidates: Rows,
  { owners, others }: Classes,
  job: Job,
): Promise<{ forward: Marks; backward: Marks }> {
  const [left, right] = [sortByClass(owners), sortByClass(others)];
  const spans = spansOf(left.spans, right.spans);
  const parts = await products.run(
    'bestOfClass',
    { queries: pickRows(queries, left.order), candidates: pickRows(candidates, right.order), spans },
    spans.length,
    'comparing classes',
    job,
  );
  const forward = mergeNearest(parts.map((part) => part.forward));
  const backward = mergeNearest(parts.map((part) => part.backward));
  return {
    forward: marksOf(forward, left.order, right.order, owners.length),
    backward: marksOf(backward, right.order, left.order, others.length),
  };
}

interface Sorted {
  /** Rows that have a class, by class and index. */
  readonly order: Uint32Array;
  readonly spans: ReadonlyMap<number, readonly [number, number]>;
}

function sortByClass(classOf: Int32Array): Sorted {
  const withClass = Uint32Array.from(classOf.keys()).filter((row) => (classOf[row] ?? -1) >= 0);
  const order = withClass.sort((a, b) => (classOf[a] ?? 0) - (classOf[b] ?? 0) || a - b);
  const spans = new Map<number, readonly [number, number]>();
  for (const [place, row] of order.entries()) {
    const of = classOf[row] ?? 0;
    spans.set(of, [spans.get(of)?.[0] ?? place, place + 1]);
  }
  return { order, spans };
}

/** Spans of the classes that both sides have, with few enough candidates for a tile. */
function spansOf(left: Sorted['spans'], right: Sorted['spans']): ClassSpan[] {
  return [...left].flatMap(([of, queries]) => {
    const [start, end] = right.get(of) ?? [0, 0];
    const spans: ClassSpan[] = [];
    for (let from = start; from < end; from += EDGE)
      spans.push({ queries, candidates: [from, Math.min(end, from + EDGE)] });
    return spans;
  });
}

function marksOf({ indices, scores }: NearestLists, order: Uint32Array, others: Uint32Array, owners: number): Marks {
  const placeOf = new Int32Array(owners).fill(-1);
  for (const [place, owner] of order.entries()) if (scores[place] !== Number.NEGATIVE_INFINITY) placeOf[owner] = place;
  const marked = placeOf.filter((place) => place >= 0);
  const starts = new Uint32Array(owners + 1);
  for (let owner = 0; owner < owners; owner++) {
    starts[owner + 1] = (starts[owner] ?? 0) + Number((placeOf[owner] ?? -1) >= 0);
  }
  return {
    starts,
    others: Uint32Array.from(marked, (place) => others[indices[place] ?? 0] ?? 0),
    scores: Float32Array.from(marked, (place) => scores[place] ?? 0),
  };
}
