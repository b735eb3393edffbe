import { describe, expect, it } from 'vitest';
import { averagePrecisions, type Retrieving, rankAcrossBothWays } from '../../../src/alignment/products/acrossPass.ts';
import type { Rows } from '../../../src/alignment/products/rows.ts';
import { compareRows, sharedNeighbours, uniformityOf } from '../../../src/alignment/products/withinPass.ts';
import { fromRows, rowOf, sharedZeros, unitRows } from '../../../src/base/matrix.ts';
import { Random } from '../../../src/base/random.ts';
import { inThisThread, inTwoParts } from './inThisThread.ts';

/** Vectors of a few small whole numbers: their products are exact in float32, and many are equal. */
function lattice(rows: number, columns: number, seed: number): Rows {
  const random = Random.of(seed, 'lattice');
  const numbers = Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.integer(5) - 2));
  return { matrix: fromRows(numbers) };
}

function scoresOf({ matrix: a }: Rows, { matrix: b }: Rows): number[][] {
  return Array.from({ length: a.rows }, (_, i) =>
    Array.from({ length: b.rows }, (_, j) => rowOf(a, i).reduce((sum, v, c) => sum + v * (rowOf(b, j)[c] ?? 0), 0)),
  );
}

/** Candidates in the order of their rank. */
function inOrder(scores: readonly number[]): number[] {
  return [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/** What a pass must find for one query, from all its scores in float64. */
function naive(scores: readonly number[], matches: ReadonlySet<number>, own: number) {
  const order = inOrder(scores);
  const others = order.filter((candidate) => !matches.has(candidate));
  const rivals = others.filter((candidate) => candidate !== own || !matches.has(own)).slice(0, 10);
  const ahead = others.filter((other) => {
    const [score, level] = [scores[other] ?? 0, scores[own] ?? 0];
    return score > level || (score === level && other < own);
  });
  const level = rivals.reduce((sum, rival) => sum + (scores[rival] ?? 0), 0) / Math.max(1, rivals.length);
  return {
    best: matches.size === 0 ? 0 : 1 + order.findIndex((candidate) => matches.has(candidate)),
    rank: 1 + ahead.length,
    margin: (scores[own] ?? 0) - level,
    nearest: order.slice(0, 4),
    precision: precisionOf(order, matches),
  };
}

function precisionOf(order: readonly number[], matches: ReadonlySet<number>): number {
  let [found, sum] = [0, 0];
  for (const [place, candidate] of order.entries()) if (matches.has(candidate)) sum += ++found / (place + 1);
  return sum / matches.size;
}

/** Also when both are NaN. */
function isAbout(value: number, expected: number): boolean {
  return Object.is(value, expected) || Math.abs(value - expected) < 1e-10;
}

async function expectAsNaive(retrieving: Retrieving, matchesOf: (query: number) => ReadonlySet<number>): Promise<void> {
  const { queries, candidates, links } = retrieving;
  const scores = scoresOf(queries, candidates);
  const matches = [...queries.matrix.data.keys()].slice(0, queries.matrix.rows).map(matchesOf);
  const asked = Uint32Array.from(scores.keys());
  for (const products of [inThisThread, inTwoParts]) {
    const { forward, backward } = await rankAcrossBothWays(products, retrieving, 4);
    const precisions = await averagePrecisions(products, retrieving, asked);
    for (const [pair, query] of links.queries.entries()) {
      const own = links.candidates[pair] ?? 0;
      const expected = naive(scores[query] ?? [], matches[query] ?? new Set(), own);
      expect(forward.pairs.similarity[pair]).toBe(scores[query]?.[own]);
      expect(forward.pairs.rank[pair]).toBe(expected.rank);
      expect(forward.pairs.margin[pair]).toBeCloseTo(expected.margin, 5);
      expect(forward.ranks[query]).toBe(expected.best);
      expect(forward.relevant[query]).toBe(matches[query]?.size);
      expect([...forward.nearest.indices.subarray(4 * query, 4 * query + 4)]).toEqual(expected.nearest);
      expect(precisions[query] ?? 0).toSatisfy((value) => isAbout(value, expected.precision));
      const column = scores.map((row) => row[own] ?? 0);
      const seen = new Set(matches.flatMap((own_, other) => (own_.has(own) ? other : [])));
      const back = naive(column, seen, query);
      expect(backward.pairs.rank[pair]).toBe(back.rank);
      expect(backward.pairs.margin[pair]).toBeCloseTo(back.margin, 5);
      expect(backward.ranks[own]).toBe(back.best);
      expect([...backward.nearest.indices.subarray(4 * own, 4 * own + 4)]).toEqual(back.nearest);
    }
  }
}

describe('ranking across two sets', () => {
  it('agrees with sorting all scores, with ties and more rows than a tile', async () => {
    const links = { queries: Uint32Array.from(Array(530).keys()), candidates: Uint32Array.from(Array(530).keys()) };
    await expectAsNaive(
      { queries: lattice(530, 3, 1), candidates: lattice(700, 3, 2), links },
      (query) => new Set([query]),
    );
  }, 30_000);

  it('agrees when items have several partners', async () => {
    const random = Random.of(5, 'links');
    const seen = new Set(Array.from({ length: 60 }, () => `${random.integer(20)} ${random.integer(25)}`));
    const pairs = [...seen].map((pair) => pair.split(' ').map(Number));
    const links = {
      queries: Uint32Array.from(pairs, ([query]) => query ?? 0),
      candidates: Uint32Array.from(pairs, ([, candidate]) => candidate ?? 0),
    };
    const matchesOf = (query: number) =>
      new Set(pairs.flatMap(([own, candidate]) => (own === query ? (candidate ?? 0) : [])));
    const retrieving = { queries: lattice(20, 4, 3), candidates: lattice(25, 4, 4), links };
    await expectAsNaive(retrieving, matchesOf);
  });

  it('agrees when any item of the class is a match, also for queries without one', async () => {
    const random = Random.of(6, 'classes');
    const owners = Int32Array.from({ length: 60 }, (_, row) => (row === 0 ? -1 : random.integer(6)));
    const others = Int32Array.from({ length: 60 }, () => random.integer(5));
    const all = Uint32Array.from(Array(60).keys());
    const retrieving = {
      queries: lattice(60, 3, 7),
      candidates: lattice(60, 3, 8),
      links: { queries: all, candidates: all },
      classes: { owners, others },
    };
    const matchesOf = (query: number) => {
      const of = owners[query] ?? -1;
      return new Set(of < 0 ? [] : [...others.keys()].filter((other) => others[other] === of));
    };
    await expectAsNaive(retrieving, matchesOf);
  });

  it('gives equal vectors the ranks of an honest shuffle, wherever they stand in a tile', async () => {
    const random = Random.of(9, 'equal');
    const row = Array.from({ length: 50 }, () => random.normal());
    const rows = { matrix: unitRows(fromRows(Array.from({ length: 601 }, () => row))) };
    const links = { queries: Uint32Array.from(Array(601).keys()), candidates: Uint32Array.from(Array(601).keys()) };
    const { forward, backward } = await rankAcrossBothWays(inTwoParts, { queries: rows, candidates: rows, links });
    const expected = Array.from({ length: 601 }, (_, query) => query + 1);
    expect([...forward.ranks]).toEqual(expected);
    expect([...backward.ranks]).toEqual(expected);
  });

  it('takes listed rows in their order', async () => {
    const rows = lattice(40, 4, 10);
    const listed = Uint32Array.from([7, 3, 31, 12]);
    const links = { queries: Uint32Array.from([0, 1, 2, 3]), candidates: Uint32Array.from([0, 1, 2, 3]) };
    const chosen = { matrix: fromRows([...listed].map((row) => rowOf(rows.matrix, row))) };
    const some = { matrix: rows.matrix, listed };
    const [found, expected] = [
      await rankAcrossBothWays(inThisThread, { queries: some, candidates: some, links }, 2),
      await rankAcrossBothWays(inThisThread, { queries: chosen, candidates: chosen, links }, 2),
    ];
    expect(found).toEqual(expected);
  });
});

describe('comparing the rows of one set', () => {
  it('lists the nearest others of every row as sorting does, without itself', async () => {
    const rows = lattice(1100, 3, 11);
    const scores = scoresOf(rows, rows);
    const { nearest } = await compareRows(inTwoParts, { rows, nearest: 5 });
    const expected = scores.map((own, row) =>
      inOrder(own)
        .filter((other) => other !== row)
        .slice(0, 5),
    );
    const found = scores.map((_, row) => [...nearest.indices.subarray(5 * row, 5 * row + 5)]);
    expect(found).toEqual(expected);
  }, 30_000);

  it('has the uniformity of the definition, the same whichever thread takes a chunk', async () => {
    const random = Random.of(12, 'uniformity');
    const rows = {
      matrix: unitRows(fromRows(Array.from({ length: 600 }, () => [0, 1, 2].map(() => random.normal())))),
    };
    let sum = 0;
    for (let i = 0; i < 600; i++) {
      for (let j = 0; j < i; j++) {
        const [u, v] = [rowOf(rows.matrix, i), rowOf(rows.matrix, j)];
        sum += Math.exp(-2 * u.reduce((total, value, c) => total + (value - (v[c] ?? 0)) ** 2, 0));
      }
    }
    const within = await compareRows(inThisThread, { rows, nearest: 0, closeness: true });
    expect(uniformityOf(within)).toBeCloseTo(Math.log(sum / ((600 * 599) / 2)), 6);
    expect((await compareRows(inTwoParts, { rows, nearest: 0, closeness: true })).closeness).toEqual(within.closeness);
  });

  it('finds equal vectors at uniformity 0, and their neighbours by index', async () => {
    const rows = { matrix: unitRows(fromRows(Array.from({ length: 20 }, () => [1, 2, 2]))) };
    const within = await compareRows(inThisThread, { rows, nearest: 2, closeness: true });
    expect(uniformityOf(within)).toBeCloseTo(0, 6);
    expect([...within.nearest.indices.subarray(0, 6)]).toEqual([1, 2, 0, 2, 0, 1]);
  });

  it('shares all neighbours with itself', async () => {
    const { nearest } = await compareRows(inThisThread, { rows: lattice(50, 6, 13), nearest: 10 });
    expect(sharedNeighbours(nearest, nearest)).toBe(1);
  });

  it('lists nothing where there are no others', async () => {
    const { nearest } = await compareRows(inThisThread, { rows: { matrix: sharedZeros(1, 3) }, nearest: 2 });
    expect([...nearest.scores]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });
});
