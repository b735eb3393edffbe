import type { AlignmentPageState, Fact } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { count } from '../ui/numbers.ts';
import { header } from '../ui/section.ts';
import { tabPanel, tabs } from '../ui/tabs.ts';
import { button } from '../ui/toolkit.ts';
import { fileName, modalityPairName } from '../ui/words.ts';
import { letters } from './beside.ts';
import { encoderChoice, exportChoice, modalityChoice, runChoice, untrustedSentence, wayChoice } from './choice.ts';
import { drawClasses } from './classes.ts';
import { drawComparison } from './comparison.ts';
import { drawMap } from './map.ts';
import { drawOverview } from './overview.ts';
import { drawPairs } from './pairs.ts';
import { drawSets } from './sets.ts';
import { compareChoice, nameOfReport, reportChoice } from './stored.ts';
import type { Viewing } from './viewing.ts';

export type Ready = Extract<AlignmentPageState, { status: 'ready' }>;

const parts = [
  { id: 'overview', title: 'Overview' },
  { id: 'map', title: 'Map' },
  { id: 'pairs', title: 'Suspicious pairs' },
  { id: 'classes', title: 'Classes and splits' },
  { id: 'sets', title: 'Embedding sets' },
] as const;

export function drawReport(state: Ready, viewing: Viewing): Node[] {
  const { report, choices, trusted, outdated } = state;
  const { tab } = viewing.now();
  const { modalities } = report.question;
  const content = [
    header(
      `Alignment of ${modalityPairName(modalities)}`,
      reportFacts(state),
      modalityChoice(modalities, choices),
      button(
        { id: 'recompute', disabled: !trusted, describedBy: trusted ? undefined : 'untrusted' },
        () => ask({ ask: 'computeAlignment', question: report.question }),
        'Recompute',
      ),
      ...(trusted ? questionChoices(state) : []),
      reportChoice(state),
      compareChoice(state),
      exportChoice(),
    ),
    trusted ? undefined : element('p', { id: 'untrusted', class: 'muted' }, untrustedSentence),
    outdated === undefined ? undefined : banner(outdated),
    besideBanner(state),
    tabs(parts, tab, ({ id }) => viewing.change({ tab: id })),
    tabPanel(tab, ...drawPart(state, viewing)),
  ];
  return content.filter((part) => part !== undefined);
}

function questionChoices({ report, sets, runs }: Ready): (HTMLElement | undefined)[] {
  const { question } = report;
  const [first, second] = [report.sets.first.encoder, report.sets.second.encoder];
  return [
    wayChoice(question),
    encoderChoice(question, 'first', sets, first),
    encoderChoice(question, 'second', sets, second),
    runChoice(question, sets, runs, [first, second]),
  ];
}

function drawPart(state: Ready, viewing: Viewing): Node[] {
  const { report, before, other } = state;
  switch (viewing.now().tab) {
    case 'overview':
      return other === undefined ? drawOverview(report, before) : drawComparison(report, other);
    case 'map':
      return drawMap(state, viewing);
    case 'pairs':
      return drawPairs(state, viewing);
    case 'classes':
      return drawClasses(report);
    case 'sets':
      return drawSets(report);
  }
}

/** What the numbers stand beside, and the way back to them alone. */
function besideBanner({ before, other }: Ready): HTMLElement | undefined {
  if (other !== undefined) {
    const stop = button({ id: 'stop-comparing' }, () => ask({ ask: 'compareReport' }), 'Stop comparing');
    const where = 'Overview and Map show both';
    return banner(`This report is ${letters[0]}. ${letters[1]}: ${nameOfReport(other)}. ${where}.`, stop);
  }
  if (before === undefined) return undefined;
  return banner(`Beside: ${nameOfReport(before)}. Arrows show what changed since.`);
}

function banner(sentence: string, action?: HTMLElement): HTMLElement {
  return element('div', { class: 'banner', role: 'note' }, icon('information'), element('span', {}, sentence), action);
}

function reportFacts({ report }: Ready): Fact[] {
  const { first, second } = report.sets;
  return [
    { label: 'Dataset', value: fileName(report.dataset) },
    { label: 'Pairs', value: `${count(report.pairs)} ${report.strength}` },
    { label: 'Encoders', value: `${first.encoder} (${first.dimensions}), ${second.encoder} (${second.dimensions})` },
    { label: 'A match is', value: report.relevance === 'instance' ? 'the very partner' : 'any item of the class' },
  ];
}
