import type { AlignmentPageState, AlignmentReport, Fact } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { count, plural } from '../ui/numbers.ts';
import { header, notes, section } from '../ui/section.ts';
import { button } from '../ui/toolkit.ts';
import { fileName, modalityPairName } from '../ui/words.ts';
import { modalityChoice, untrustedSentence } from './choice.ts';
import { geometryTable, retrievalTable } from './metrics.ts';
import { suspiciousTable } from './suspicious.ts';

type Ready = Extract<AlignmentPageState, { status: 'ready' }>;

export function drawReport({ report, choices, trusted }: Ready): Node[] {
  const content = [
    header(
      `Alignment of ${modalityPairName(report.modalities)}`,
      reportFacts(report),
      modalityChoice(report.modalities, choices),
      button(
        { id: 'recompute', disabled: !trusted, describedBy: trusted ? undefined : 'untrusted' },
        () => ask({ ask: 'computeAlignment', modalities: report.modalities }),
        'Recompute',
      ),
    ),
    trusted ? undefined : element('p', { id: 'untrusted', class: 'muted' }, untrustedSentence),
    section(
      'retrieval',
      'Retrieval',
      element('p', { class: 'muted' }, retrievalSentence(report)),
      retrievalTable(report),
    ),
    section(
      'geometry',
      'Geometry',
      element(
        'p',
        { class: 'muted' },
        'How alike the two embedding sets are, whether or not partners find each other.',
      ),
      geometryTable(report),
    ),
    section('suspicious', 'Most suspicious pairs', ...drawSuspicious(report)),
    notes(report.notes),
  ];
  return content.filter((part) => part !== undefined);
}

function drawSuspicious(report: AlignmentReport): Node[] {
  if (report.suspicious.length === 0) return [element('p', {}, 'There are too few pairs to compare.')];
  return [element('p', { class: 'muted' }, suspiciousSentence), suspiciousTable(report)];
}

const suspiciousSentence =
  'Pairs whose items are less similar to each other than to the best others, worst first. Click a row or press Enter to look at the pair.';

function reportFacts(report: AlignmentReport): Fact[] {
  const { first, second } = report.encoders;
  return [
    { label: 'Dataset', value: fileName(report.dataset) },
    { label: 'Pairs', value: `${count(report.pairs)} ${report.strength}` },
    { label: 'Encoders', value: `${first.name} (${first.dimensions}), ${second.name} (${second.dimensions})` },
    { label: 'A match is', value: report.relevance === 'instance' ? 'the very partner' : 'any item of the class' },
  ];
}

function retrievalSentence({ folds, forward, backward }: AlignmentReport): string {
  const candidates =
    forward.candidates === backward.candidates
      ? plural(forward.candidates, 'candidate')
      : `${count(forward.candidates)} and ${plural(backward.candidates, 'candidate')}`;
  return `Each item looks for its match among ${candidates} by a linear map that was fitted on other pairs (${plural(folds, 'fold')}).`;
}
