import * as vscode from 'vscode';
import type { DatasetSummary, Modality, PairRow, Severity } from '../../protocol.ts';
import { commandIds } from '../commandIds.ts';
import {
  countProblems,
  type DatasetRow,
  type FailureRow,
  type GroupRow,
  keyWithinGroups,
  type ModalitiesRow,
  type MoreRow,
  type PairItemRow,
  type ProblemKindRow,
  type ProblemRow,
  type ProblemsRow,
  type Row,
} from './rows.ts';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** How a row looks and reads. `only` opens the one dataset of a window at once. */
export function itemOf(row: Row, only: boolean): vscode.TreeItem {
  const item = drawRow(row, only);
  item.id = row.id;
  const said = [item.label, item.description].filter((part) => typeof part === 'string' && part !== '');
  item.accessibilityInformation = { label: said.join(', ') };
  return item;
}

function drawRow(row: Row, only: boolean): vscode.TreeItem {
  switch (row.row) {
    case 'dataset':
      return datasetItem(row, only);
    case 'modalities':
      return modalitiesItem(row);
    case 'group':
      return groupItem(row);
    case 'pair':
      return pairItem(row);
    case 'problems':
      return problemsItem(row);
    case 'problemKind':
      return problemKindItem(row);
    case 'problem':
      return problemItem(row);
    case 'more':
      return moreItem(row);
    case 'failure':
      return failureItem(row);
  }
}

function datasetItem({ dataset, summary }: DatasetRow, only: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(summary.name, None);
  item.tooltip = dataset;
  if (summary.error !== undefined) {
    item.description = vscode.l10n.t('cannot be used');
    item.tooltip = summary.error;
    item.iconPath = severityIcon('error');
    item.contextValue = 'dataset.broken';
    item.command = openFile(dataset);
  } else if (summary.snapshot === undefined) {
    item.description = vscode.l10n.t('not indexed yet');
    item.iconPath = new vscode.ThemeIcon('database');
    item.contextValue = 'dataset.unindexed';
  } else {
    const pairs = summary.snapshot.pairs.reduce((total, { count }) => total + count, 0);
    const { excluded } = summary.snapshot;
    const left = excluded === 0 ? [] : [vscode.l10n.t('{0} excluded', excluded.toLocaleString('en'))];
    item.description = [counts(pairs, countProblems(summary)), ...left].join(' · ');
    item.iconPath = new vscode.ThemeIcon('database');
    item.contextValue = 'dataset.indexed';
    item.collapsibleState = only ? Expanded : Collapsed;
  }
  return item;
}

function modalitiesItem({ modalities, pairs, strength }: ModalitiesRow): vscode.TreeItem {
  const item = new vscode.TreeItem(`${modalities.first} ↔ ${modalities.second}`, Collapsed);
  item.description = `${counts(pairs, 0)} · ${strengthName(strength)}`;
  item.iconPath = modalityIcon(modalities.first);
  item.contextValue = 'modalities';
  return item;
}

function groupItem({ by, group }: GroupRow): vscode.TreeItem {
  const unnamed = by === 'split' ? vscode.l10n.t('no split') : vscode.l10n.t('no class');
  const item = new vscode.TreeItem(group.value === '' ? unnamed : group.value, Collapsed);
  const marked = vscode.l10n.t('{0} with problems', group.problems.toLocaleString('en'));
  item.description = group.problems > 0 ? `${counts(group.pairs, 0)} · ${marked}` : counts(group.pairs, 0);
  item.iconPath =
    group.problems > 0 ? severityIcon('warning') : new vscode.ThemeIcon(by === 'split' ? 'layers' : 'tag');
  item.contextValue = by;
  return item;
}

function pairItem(row: PairItemRow): vscode.TreeItem {
  const { detail } = row;
  const item = new vscode.TreeItem(keyWithinGroups(detail), None);
  item.description = pairDescription(detail, row.summary);
  item.tooltip = [detail.first.item, detail.second.item, ...(detail.note === undefined ? [] : ['', detail.note])].join(
    '\n',
  );
  item.iconPath = pairIcon(detail);
  item.contextValue = `pair.${detail.excluded ? 'excluded' : 'included'}.${detail.strength}`;
  item.command = { command: commandIds.openPair, title: vscode.l10n.t('Open Pair'), arguments: [row] };
  return item;
}

/** What tells the pair from its neighbours: "excluded · weak · 2 problems · blurred". */
function pairDescription(detail: PairRow, summary: DatasetSummary): string {
  const usual = summary.snapshot?.pairs.find(
    ({ first, second }) => first === detail.first.modality && second === detail.second.modality,
  );
  const words = [
    detail.excluded ? vscode.l10n.t('excluded') : '',
    usual === undefined || usual.strength === detail.strength ? '' : strengthName(detail.strength),
    detail.problems > 0 ? problemCount(detail.problems) : '',
    detail.note ?? '',
  ];
  return words.filter((word) => word !== '').join(' · ');
}

function pairIcon({ excluded, problems, first }: PairRow): vscode.ThemeIcon {
  if (excluded) return new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('disabledForeground'));
  return problems > 0 ? severityIcon('warning') : modalityIcon(first.modality);
}

function strengthName(strength: string): string {
  return strength === 'weak' ? vscode.l10n.t('weak') : vscode.l10n.t('strong');
}

function problemsItem({ count }: ProblemsRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Problems'), Collapsed);
  item.description = count.toLocaleString('en');
  item.iconPath = severityIcon('warning');
  item.contextValue = 'problems';
  return item;
}

function problemKindItem({ kind, count }: ProblemKindRow): vscode.TreeItem {
  const item = new vscode.TreeItem(kind.replaceAll('-', ' '), Collapsed);
  item.description = count.toLocaleString('en');
  item.contextValue = 'problemKind';
  return item;
}

function problemItem(row: ProblemRow): vscode.TreeItem {
  const { problem } = row;
  const item = new vscode.TreeItem(problem.where, None);
  item.description = problem.sentence;
  item.tooltip = problem.sentence;
  item.iconPath = severityIcon(problem.severity);
  item.contextValue = problem.fix === undefined ? 'problem' : 'problem.fixable';
  item.command = { command: commandIds.openProblem, title: vscode.l10n.t('Open'), arguments: [row] };
  return item;
}

function moreItem(row: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show more…'), None);
  item.description = vscode.l10n.t('{0} of {1} shown', row.shown, row.total);
  item.contextValue = 'more';
  item.command = { command: commandIds.showMore, title: vscode.l10n.t('Show More'), arguments: [row] };
  return item;
}

function failureItem({ sentence }: FailureRow): vscode.TreeItem {
  const item = new vscode.TreeItem(sentence, None);
  item.tooltip = sentence;
  item.iconPath = severityIcon('error');
  item.contextValue = 'failure';
  return item;
}

function counts(pairs: number, problems: number): string {
  const first = pairs === 1 ? vscode.l10n.t('1 pair') : vscode.l10n.t('{0} pairs', pairs.toLocaleString('en'));
  return problems === 0 ? first : `${first} · ${problemCount(problems)}`;
}

function problemCount(problems: number): string {
  return problems === 1 ? vscode.l10n.t('1 problem') : vscode.l10n.t('{0} problems', problems.toLocaleString('en'));
}

function openFile(path: string): vscode.Command {
  return { command: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [vscode.Uri.file(path)] };
}

function modalityIcon(modality: Modality): vscode.ThemeIcon {
  const icons: Record<Modality, string> = { image: 'file-media', audio: 'unmute', text: 'note' };
  return new vscode.ThemeIcon(icons[modality]);
}

function severityIcon(severity: Severity): vscode.ThemeIcon {
  switch (severity) {
    case 'error':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
    case 'warning':
      return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
    case 'information':
      return new vscode.ThemeIcon('info', new vscode.ThemeColor('problemsInfoIcon.foreground'));
  }
}
