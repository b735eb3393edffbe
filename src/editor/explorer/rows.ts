import type {
  DatasetSummary,
  ModalityPair,
  PairFilter,
  PairGroup,
  PairRow,
  Problem,
  ProblemKind,
} from '../../protocol.ts';

/** What every row knows. `dataset` is the path of the dataset file, so that a row is also a command's target. */
interface Base {
  readonly id: string;
  readonly dataset: string;
  readonly summary: DatasetSummary;
}

export interface DatasetRow extends Base {
  readonly row: 'dataset';
}

/** Present when a dataset pairs more than two modalities. */
export interface ModalitiesRow extends Base {
  readonly row: 'modalities';
  readonly modalities: ModalityPair;
  readonly filter: PairFilter;
  readonly pairs: number;
  readonly strength: string;
}

/** A split or a class. */
export interface GroupRow extends Base {
  readonly row: 'group';
  readonly by: 'split' | 'class';
  readonly group: PairGroup;
  readonly filter: PairFilter;
}

export interface PairItemRow extends Base {
  readonly row: 'pair';
  readonly pair: string;
  readonly detail: PairRow;
}

export interface ProblemsRow extends Base {
  readonly row: 'problems';
  readonly count: number;
}

export interface ProblemKindRow extends Base {
  readonly row: 'problemKind';
  readonly kind: ProblemKind;
  readonly count: number;
}

export interface ProblemRow extends Base {
  readonly row: 'problem';
  readonly problem: Problem;
}

/** Stands after the rows of a long list. */
export interface MoreRow extends Base {
  readonly row: 'more';
  readonly parent: ParentRow;
  readonly shown: number;
  readonly total: number;
}

/** Stands in place of rows that could not be had. */
export interface FailureRow {
  readonly row: 'failure';
  readonly id: string;
  readonly sentence: string;
}

/** Rows that others can stand below. */
export type ParentRow = Exclude<Row, FailureRow>;

export type Row =
  | DatasetRow
  | ModalitiesRow
  | GroupRow
  | PairItemRow
  | ProblemsRow
  | ProblemKindRow
  | ProblemRow
  | MoreRow
  | FailureRow;

/** Whether a command's argument is the row that loads more. Rows are only made here, so that the mark is enough. */
export function isMoreRow(value: unknown): value is MoreRow {
  return typeof value === 'object' && value !== null && 'row' in value && value.row === 'more';
}

/** Rows of a list shown at first, and added by each "Show more". */
export const PAGE = 100;

export function countProblems(summary: DatasetSummary): number {
  return Object.values(summary.snapshot?.problems ?? {}).reduce((total, count) => total + count, 0);
}

/** Rows below a dataset that need no question to the engine: its pairs of modalities if several, and its problems. */
export function datasetChildren(row: DatasetRow): (ModalitiesRow | ProblemsRow)[] {
  const { id, dataset, summary } = row;
  const pairs = summary.snapshot?.pairs ?? [];
  const several = pairs.length > 1 ? pairs : [];
  const modalities = several.map(({ first, second, strength, count }): ModalitiesRow => {
    const pair = { first, second };
    return {
      row: 'modalities',
      id: `${id}|${first}-${second}`,
      dataset,
      summary,
      modalities: pair,
      filter: { modalities: pair },
      pairs: count,
      strength,
    };
  });
  const count = countProblems(summary);
  if (count === 0) return modalities;
  return [...modalities, { row: 'problems', id: `${id}|problems`, dataset, summary, count }];
}

/** The next level below a filter: split, then class, then the pairs themselves. Levels that say nothing are left out. */
export function nextLevel(summary: DatasetSummary, filter: PairFilter): 'split' | 'class' | 'pairs' {
  if (filter.split === undefined && filter.class === undefined && (summary.snapshot?.splits.length ?? 0) > 0) {
    return 'split';
  }
  return filter.class === undefined && (summary.snapshot?.classes.length ?? 0) > 0 ? 'class' : 'pairs';
}

export function groupRow(parent: Base, filter: PairFilter, by: 'split' | 'class', group: PairGroup): GroupRow {
  return {
    row: 'group',
    id: `${parent.id}|${by}:${group.value}`,
    dataset: parent.dataset,
    summary: parent.summary,
    by,
    group,
    filter: { ...filter, [by]: group.value },
  };
}

export function pairRow(parent: Base, detail: PairRow): PairItemRow {
  const { dataset, summary } = parent;
  return { row: 'pair', id: `${parent.id}|${detail.id}`, dataset, summary, pair: detail.id, detail };
}

/** The loaded part of a list, and a row that loads more when there is more. */
export function withMore<R extends Row>(parent: ParentRow, rows: readonly R[], total: number): (R | MoreRow)[] {
  if (rows.length >= total) return [...rows];
  const { dataset, summary } = parent;
  return [...rows, { row: 'more', id: `${parent.id}|more`, dataset, summary, parent, shown: rows.length, total }];
}

/** A pair's key without the split and class that it begins with: the rows above say them. */
export function keyWithinGroups({ key, split, class: name }: PairRow): string {
  const parts = key.split('/');
  while (parts.length > 1 && (parts[0] === split || parts[0] === name)) parts.shift();
  return parts.join('/');
}
