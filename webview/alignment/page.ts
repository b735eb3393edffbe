import type { AlignmentPageState, AlignmentView, Fact } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { count } from '../ui/numbers.ts';
import { header } from '../ui/section.ts';
import { tabPanel, tabs } from '../ui/tabs.ts';
import { button } from '../ui/toolkit.ts';
import { fileName, modalityPairName } from '../ui/words.ts';
import { encoderChoice, exportChoice, modalityChoice, untrustedSentence, wayChoice } from './choice.ts';
import { drawClasses } from './classes.ts';
import { drawMap } from './map.ts';
import { drawOverview } from './overview.ts';
import { drawPairs } from './pairs.ts';
import { drawSets } from './sets.ts';
import { compareChoice, nameOf, reportChoice } from './stored.ts';

export type Ready = Extract<AlignmentPageState, { status: 'ready' }>;
export type ChangeView = (change: Partial<AlignmentView>) => void;

const parts = [
  { id: 'overview', title: 'Overview' },
  { id: 'map', title: 'Map' },
  { id: 'pairs', title: 'Suspicious pairs' },
  { id: 'classes', title: 'Classes and splits' },
  { id: 'sets', title: 'Embedding sets' },
] as const;

export function drawReport(state: Ready, view: AlignmentView, change: ChangeView): Node[] {
  const { report, choices, trusted, outdated, other } = state;
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
    other === undefined
      ? undefined
      : banner(
          `Beside: ${nameOf({ ...other, encoders: encodersOf(other), current: true })}. Arrows show what changed since.`,
        ),
    tabs(parts, view.tab, ({ id }) => change({ tab: id })),
    tabPanel(view.tab, ...drawPart(state, view, change)),
  ];
  return content.filter((part) => part !== undefined);
}

function questionChoices({ report, sets }: Ready): (HTMLElement | undefined)[] {
  const { question } = report;
  return [
    wayChoice(question),
    encoderChoice(question, 'first', sets, report.sets.first.encoder),
    encoderChoice(question, 'second', sets, report.sets.second.encoder),
  ];
}

function drawPart(state: Ready, view: AlignmentView, change: ChangeView): Node[] {
  switch (view.tab) {
    case 'overview':
      return drawOverview(state.report, state.other);
    case 'map':
      return drawMap(state, view, change);
    case 'pairs':
      return drawPairs(state);
    case 'classes':
      return drawClasses(state.report);
    case 'sets':
      return drawSets(state.report);
  }
}

function banner(sentence: string): HTMLElement {
  return element('p', { class: 'banner', role: 'note' }, icon('information'), element('span', {}, sentence));
}

function encodersOf({ sets }: Ready['report']): { first: string; second: string } {
  return { first: sets.first.encoder, second: sets.second.encoder };
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
