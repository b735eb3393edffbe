import type { AlignmentPageState, AlignmentView, PairList, ScoredPairsQuery } from '../../src/protocol.ts';
import { lastPage, type Whereabouts } from './whereabouts.ts';

type Ready = Extract<AlignmentPageState, { status: 'ready' }>;

export const pageSize = 20;

/** A list of pairs, and whether it is of the report that is shown or still of the one before. */
export interface Standing {
  readonly list: PairList;
  readonly isOwn: boolean;
}

/** The list that stands for the pairs of a report: its own, or that of the report before until its own is there. */
export function standingList({ report, other, list }: Pick<Ready, 'report' | 'other' | 'list'>): Standing | undefined {
  if (list === undefined) return undefined;
  if (list.query.report === report.id) return { list, isOwn: true };
  return list.query.report === other?.id ? undefined : { list, isOwn: false };
}

/** What is to be asked for, so that a report has its own list, on the page that the person was on; nothing if it has. */
export function missingList(
  { id, complete }: Pick<Ready['report'], 'id' | 'complete'>,
  standing: Standing | undefined,
  kept: AlignmentView['pairs'],
  whereabouts: Whereabouts,
): ScoredPairsQuery | undefined {
  const pageAt = (offset: number) => ({ report: id, offset, limit: pageSize });
  if (!complete) return undefined;
  if (standing === undefined) return pageAt(kept?.report === id ? kept.offset : 0);
  const { query, total, rows } = standing.list;
  if (!standing.isOwn) return pageAt(query.among === undefined ? whereabouts.offsetInNext(query) : 0);
  // The list has become shorter than where it was looked at.
  return rows.length === 0 && query.offset > 0 ? { ...query, offset: lastPage(total, query.limit) } : undefined;
}
