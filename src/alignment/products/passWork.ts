import { Ahead, type Classes, type Marks } from './ahead.ts';
import { precision } from './averagePrecision.ts';
import { Closeness } from './closeness.ts';
import { isMarked, isSameClass, type PairLinks } from './marks.ts';
import { type LeaveOut, Nearest, type NearestLists } from './nearest.ts';
import { countRows, gather, pickRows, type Rows } from './rows.ts';
import { EDGE, flipped, type Tile, tilesOf } from './tile.ts';
import { RightFactor } from './wasm.ts';

/** Pairs that are scored at once: of their product only the diagonal is of use. */
export const PAIR_BLOCK = 64;
/** Queries whose whole rows of scores are held at once. */
export const PRECISION_BLOCK = 64;

/** Writes each pair's similarity to `scores`, to the last bit as the tiles have it. A unit is a block of pairs. */
export function scorePairs(
  input: { queries: Rows; candidates: Rows; links: PairLinks; scores: Float32Array },
  units: Iterable<number>,
): void {
  const { links, scores } = input;
  for (const unit of units) {
    const from = unit * PAIR_BLOCK;
    const to = Math.min(scores.length, from + PAIR_BLOCK);
    const queries = pickRows(input.queries, links.queries.subarray(from, to));
    const candidates = pickRows(input.candidates, links.candidates.subarray(from, to));
    const { data } = RightFactor.transposed(gather(candidates, 0, to - from)).view(queries);
    for (let i = 0; i < to - from; i++) scores[from + i] = data[i * (to - from) + i] ?? 0;
  }
}

/** Queries and candidates of one class: spans of rows that are sorted by class. */
export interface ClassSpan {
  readonly queries: readonly [number, number];
  readonly candidates: readonly [number, number];
}

/** The best candidate of the same class for every query, and the best query for every candidate. A unit is a span. */
export function bestOfClass(
  { queries, candidates, spans }: { queries: Rows; candidates: Rows; spans: readonly ClassSpan[] },
  units: Iterable<number>,
): { forward: NearestLists; backward: NearestLists } {
  const forward = new Nearest(countRows(queries), 1);
  const backward = new Nearest(countRows(candidates), 1);
  for (const unit of units) {
    const span = spans[unit];
    if (span === undefined) continue;
    for (const tile of tilesOf(queries, span.queries, candidates, span.candidates)) {
      forward.take(tile);
      backward.take(flipped(tile));
    }
  }
  return { forward: forward.lists, backward: backward.lists };
}

/** What the owners of one side ask of all others. */
export interface Questions {
  /** How many of the best others to keep. */
  readonly nearest: number;
  /** How many of the best others that are no match. */
  readonly rivals: number;
  /** The partners of every owner. They are its matches, unless classes are given. */
  readonly partners: Marks;
  /** With classes: the best match of every owner that has one. */
  readonly best?: Marks;
  readonly classes?: Classes;
}

export interface Answers {
  readonly nearest: NearestLists;
  readonly rivals: NearestLists;
  /** How many others stand ahead of each partner; matches are left out only when they are given by classes. */
  readonly aheadOfPartners: Uint32Array;
  readonly aheadOfBest: Uint32Array;
}

/** Every query with every candidate. A unit is a chunk of candidates. */
export function compareAcross(
  input: { queries: Rows; candidates: Rows; forward: Questions; backward?: Questions },
  units: Iterable<number>,
): { forward: Answers; backward?: Answers } {
  const { queries, candidates } = input;
  const [rows, columns] = [countRows(queries), countRows(candidates)];
  const forward = new Inquiry(rows, input.forward);
  const backward = input.backward && new Inquiry(columns, input.backward);
  for (const unit of units) {
    const chunk = [unit * EDGE, Math.min(columns, (unit + 1) * EDGE)] as const;
    for (const tile of tilesOf(queries, [0, rows], candidates, chunk)) {
      forward.take(tile);
      backward?.take(flipped(tile));
    }
  }
  return { forward: forward.answers(), ...(backward !== undefined && { backward: backward.answers() }) };
}

/** The collectors that answer one side's questions. */
class Inquiry {
  readonly #nearest: Nearest;
  readonly #rivals: Nearest;
  readonly #partners: Ahead;
  readonly #best: Ahead | undefined;

  constructor(owners: number, { nearest, rivals, partners, best, classes }: Questions) {
    const isMatch: LeaveOut =
      classes === undefined
        ? (owner, other) => isMarked(partners, owner, other)
        : (owner, other) => isSameClass(classes, owner, other);
    this.#nearest = new Nearest(owners, nearest);
    this.#rivals = new Nearest(owners, rivals, isMatch);
    this.#partners = new Ahead(partners, classes);
    this.#best = best && new Ahead(best);
  }

  take(tile: Tile): void {
    for (const collector of [this.#nearest, this.#rivals, this.#partners, this.#best]) collector?.take(tile);
  }

  answers(): Answers {
    return {
      nearest: this.#nearest.lists,
      rivals: this.#rivals.lists,
      aheadOfPartners: this.#partners.counts,
      aheadOfBest: this.#best?.counts ?? new Uint32Array(),
    };
  }
}

/**
 * Every row with every other of the same rows. A unit is a chunk of rows, which meets itself and the rows after it, so that
 * the last units are short; the tiles on the other side of the diagonal are these turned round.
 */
export function compareWithin(
  { rows, nearest, closeness }: { rows: Rows; nearest: number; closeness: boolean },
  units: Iterable<number>,
): { nearest: NearestLists; closeness: Float64Array } {
  const count = countRows(rows);
  const lists = new Nearest(count, nearest, (owner, other) => owner === other);
  const sums = new Closeness(closeness ? count : 0);
  for (const unit of units) {
    const chunk = [unit * EDGE, Math.min(count, (unit + 1) * EDGE)] as const;
    for (const tile of tilesOf(rows, [chunk[0], count], rows, chunk)) {
      if (tile.firstOwner !== tile.firstOther) lists.take(flipped(tile));
      lists.take(tile);
      if (closeness) sums.take(tile);
    }
  }
  return { nearest: lists.lists, closeness: sums.sums };
}

/** Writes the average precision of some queries to `precisions`. A unit is a block of them. */
export function precisionOf(
  input: {
    queries: Rows;
    candidates: Rows;
    asked: Uint32Array;
    partners: Marks;
    classes?: Classes;
    precisions: Float64Array;
  },
  units: Iterable<number>,
): void {
  const { asked, candidates, partners, classes, precisions } = input;
  const columns = countRows(candidates);
  for (const unit of units) {
    const own = asked.subarray(unit * PRECISION_BLOCK, (unit + 1) * PRECISION_BLOCK);
    const rows = new Float32Array(own.length * columns);
    for (let from = 0; from < columns; from += EDGE) {
      const chunk = [from, Math.min(columns, from + EDGE)] as const;
      for (const tile of tilesOf(pickRows(input.queries, own), [0, own.length], candidates, chunk))
        copyTile(tile, rows, columns);
    }
    for (const [r, query] of own.entries()) {
      const isMatch = (other: number): boolean =>
        classes === undefined ? isMarked(partners, query, other) : isSameClass(classes, query, other);
      precisions[unit * PRECISION_BLOCK + r] = precision(rows.subarray(r * columns, (r + 1) * columns), isMatch);
    }
  }
}

function copyTile({ owners, firstOther, others, scores }: Tile, rows: Float32Array, columns: number): void {
  for (let r = 0; r < owners; r++) {
    rows.set(scores.subarray(r * others, (r + 1) * others), r * columns + firstOther);
  }
}
