import type { AlignmentMap, AlignmentPageState, AlignmentReport, Projection } from '../../src/protocol.ts';
import { count, plural } from '../ui/numbers.ts';

export const projectionTitles: Readonly<Record<Projection, string>> = { pca: 'PCA', umap: 'UMAP' };

type MapFailure = Extract<AlignmentPageState, { status: 'ready' }>['mapFailure'];

/** Why the projection that the person chose is not there, where it cannot be. */
export function failureOf(failure: MapFailure, { id }: Pick<AlignmentReport, 'id'>, chosen: Projection): string {
  return failure?.report === id && failure.projection === chosen ? failure.sentence : '';
}

/** What a map shows, where it is not what was chosen, or not all of it. */
export function mapNotes(
  { projection, pairs }: Pick<AlignmentMap, 'projection' | 'pairs'>,
  report: Pick<AlignmentReport, 'pairs'>,
  chosen: Projection,
  failed: string,
): string[] {
  const title = projectionTitles[projection];
  const missing = projectionTitles[chosen];
  const notes: string[] = [];
  if (failed !== '') notes.push(`${missing} is not there: ${failed} This is still ${title}.`);
  else if (projection !== chosen)
    notes.push(`${missing} is being computed. Until it is there, this is still ${title}.`);
  if (pairs < report.pairs) {
    notes.push(`${title} shows ${count(pairs)} of ${plural(report.pairs, 'pair')}, drawn at random.`);
  }
  return notes;
}
