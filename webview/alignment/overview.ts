import type { AlignmentReport } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { count, plural } from '../ui/numbers.ts';
import { notes, section } from '../ui/section.ts';
import { drawHistogram } from './histogram.ts';
import { geometryTable, retrievalTable } from './metrics.ts';

/** Every number of a report, with its chance level, its direction, what it means and what it was before. */
export function drawOverview(report: AlignmentReport, before: AlignmentReport | undefined): Node[] {
  const content = [
    report.mismatches === undefined ? undefined : element('p', { class: 'verdict' }, report.mismatches.sentence),
    section(
      'retrieval',
      'Retrieval',
      element('p', { class: 'muted' }, retrievalSentence(report)),
      retrievalTable(report, before) ?? pending(),
      drawHistogram(report),
    ),
    section(
      'geometry',
      'Geometry',
      element(
        'p',
        { class: 'muted' },
        'How alike the two embedding sets are, whether or not partners find each other.',
      ),
      geometryTable(report, before),
      report.complete ? undefined : pending(),
    ),
    notes(report.notes),
  ];
  return content.filter((part) => part !== undefined);
}

function pending(): HTMLElement {
  return element('p', { class: 'muted' }, 'Still being computed…');
}

function retrievalSentence({ comparison, folds, forward, backward, estimate }: AlignmentReport): string {
  if (forward === undefined || backward === undefined) return 'Each item looks for its match in the other modality.';
  const candidates =
    forward.candidates === backward.candidates
      ? plural(forward.candidates, 'candidate')
      : `${count(forward.candidates)} and ${plural(backward.candidates, 'candidate')}`;
  const how =
    comparison.space === 'shared'
      ? 'in the space that both sets share'
      : `by a linear map (${comparison.map}) that was fitted on other pairs (${plural(folds, 'fold')})`;
  const rough =
    estimate === undefined ? '' : ` This is an estimate from ${plural(estimate, 'pair')} until all are ranked.`;
  return `Each item looks for its match among ${candidates} ${how}.${rough}`;
}
