import type { PairList } from '../../src/protocol.ts';

/** As much of a list as is needed to find one's way in it. */
export type Listed = Pick<PairList, 'total'> & {
  readonly query: Pick<PairList['query'], 'report' | 'among' | 'offset' | 'limit'>;
  readonly rows: readonly {
    readonly scored: { readonly pair: string };
    readonly detail?: { readonly pair: { readonly excluded: boolean } } | undefined;
  }[];
};

export type Step = 'next' | 'previous' | 'first' | 'last';

/** A row, on the page that begins at `offset`. */
export interface Place {
  readonly offset: number;
  readonly row: number;
}

/** Where a step leads from a row: within the page, or beyond its end to the next or the previous one. */
export function placeAfter(step: Step, { query, rows, total }: Listed, row: number): Place | undefined {
  const { offset, limit } = query;
  const last = rows.length - 1;
  switch (step) {
    case 'first':
      return { offset, row: 0 };
    case 'last':
      return { offset, row: last };
    case 'next':
      if (row < last) return { offset, row: row + 1 };
      return offset + rows.length < total ? { offset: offset + limit, row: 0 } : undefined;
    case 'previous':
      if (row > 0) return { offset, row: row - 1 };
      return offset > 0 ? { offset: Math.max(0, offset - limit), row: Math.min(offset, limit) - 1 } : undefined;
  }
}

/** Where the last page of a list begins. */
export function lastPage(total: number, limit: number): number {
  return Math.max(0, Math.floor((total - 1) / limit) * limit);
}

/**
 * Where the person is in the list of pairs. They are at a pair, not at a row: when a decision brings new numbers, the pair
 * stands elsewhere, or is not in the list any more, and then the pair that took its row is the next to look at.
 */
export class Whereabouts {
  private pair = '';
  private row = 0;
  private report = '';
  private turning: Place | undefined;
  /** Places in the report of the pairs that are excluded by now: the next report lacks them. */
  private readonly excluded = new Set<number>();

  /** The person came to a row of the page in sight. */
  arrive(pair: string, row: number): void {
    if (pair !== this.pair) this.turning = undefined;
    this.pair = pair;
    this.row = row;
  }

  /** The person goes on to another page; false where it was asked for already. */
  turnTo(place: Place): boolean {
    if (this.turning?.offset === place.offset) return false;
    this.turning = place;
    return true;
  }

  /** What was decided about the pair at a place of the report, before the list says so. */
  decide(place: number, excluded: boolean): void {
    if (excluded) this.excluded.add(place);
    else this.excluded.delete(place);
  }

  /** Takes the page that is in sight from now on. Returns the row where the person is. */
  follow(list: Listed): number {
    const { query, rows } = list;
    if (query.among === undefined) this.noteExclusions(list);
    const turned = this.turning?.offset === query.offset ? this.turning : undefined;
    const same = rows.findIndex(({ scored }) => scored.pair === this.pair);
    const row = turned?.row ?? (same < 0 ? this.row : same);
    if (turned !== undefined) this.turning = undefined;
    this.row = Math.max(0, Math.min(row, rows.length - 1));
    this.pair = rows[this.row]?.scored.pair ?? '';
    return this.row;
  }

  /** Where the page of the next report begins, so that it begins with the same pair. */
  offsetInNext({ offset }: Listed['query']): number {
    return offset - [...this.excluded].filter((place) => place < offset).length;
  }

  private noteExclusions({ query, rows }: Listed): void {
    if (query.report !== this.report) this.excluded.clear();
    this.report = query.report;
    for (const [row, { detail }] of rows.entries()) {
      if (detail !== undefined) this.decide(query.offset + row, detail.pair.excluded);
    }
  }
}
