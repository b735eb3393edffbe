import type { AlignmentReport, Retrieval } from '../../src/protocol.ts';
import { type RankDirection, rankHistogram } from '../ui/charts/rankHistogram.ts';
import { element } from '../ui/dom.ts';
import { count, plural } from '../ui/numbers.ts';
import { notes, section } from '../ui/section.ts';
import { direction } from '../ui/words.ts';
import { geometryTable, retrievalTable } from './metrics.ts';

/** Every number of a report, with its chance level, its direction and what it means. */
export function drawOverview(report: AlignmentReport, other: AlignmentReport | undefined): Node[] {
  const content = [
    report.mismatches === undefined ? undefined : element('p', { class: 'verdict' }, report.mismatches.sentence),
    section(
      'retrieval',
      'Retrieval',
      element('p', { class: 'muted' }, retrievalSentence(report)),
      retrievalTable(report, other) ?? pending(),
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
      geometryTable(report, other),
      report.complete ? undefined : pending(),
    ),
    notes(report.notes),
  ];
  return content.filter((part) => part !== undefined);
}

function pending(): HTMLElement {
  return element('p', { class: 'muted' }, 'Still being computed…');
}

function drawHistogram({ forward, backward }: AlignmentReport): HTMLElement | undefined {
  if (forward === undefined || backward === undefined) return undefined;
  return rankHistogram(ranksOf(forward), ranksOf(backward));
}

function ranksOf({ from, to, histogram, candidates }: Retrieval): RankDirection {
  return {
    name: direction(from, to),
    counts: histogram.map(({ queries }) => queries),
    chance: histogram.map(({ chance }) => chance),
    candidates,
  };
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
