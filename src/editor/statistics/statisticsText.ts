import * as vscode from 'vscode';
import type { DatasetStatistics, ItemStatistics } from '../../protocol.ts';

const VALUES_SHOWN = 3;

/** The statistics of a dataset as Markdown: a table for all, for each split, and for each class. */
export function statisticsText(name: string, { modalities, splits, classes }: DatasetStatistics): string {
  const parts = [
    `# ${escapeCell(vscode.l10n.t('Statistics of {0}', name))}`,
    table(modalities, []),
    ...section(vscode.l10n.t('Splits'), splits, 'split'),
    ...section(vscode.l10n.t('Classes'), classes, 'class'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, rows: readonly ItemStatistics[], label: 'split' | 'class'): string[] {
  if (rows.every((row) => (row[label] ?? '') === '')) return [];
  return [`## ${title}`, table(rows, label === 'split' ? ['split'] : ['split', 'class'])];
}

function table(rows: readonly ItemStatistics[], labels: readonly ('split' | 'class')[]): string {
  const titles = { split: vscode.l10n.t('Split'), class: vscode.l10n.t('Class') };
  const head = [
    vscode.l10n.t('Modality'),
    ...labels.map((label) => titles[label]),
    vscode.l10n.t('Items'),
    vscode.l10n.t('Unreadable'),
    vscode.l10n.t('Size'),
    vscode.l10n.t('Formats'),
    vscode.l10n.t('Languages'),
  ];
  const rule = head.map(() => '---');
  const body = rows.map((row) => [
    row.modality,
    ...labels.map((label) => row[label] || '–'),
    row.items.toLocaleString('en'),
    row.unreadable.toLocaleString('en'),
    sizeOf(row),
    valuesOf(row.formats),
    valuesOf(row.languages),
  ]);
  return [head, rule, ...body].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`).join('\n');
}

/** Smallest, median and largest of what the modality is measured by. */
function sizeOf({ width, height, seconds, characters, sampleRates }: ItemStatistics): string {
  if (width !== undefined && height !== undefined) return `${spread(width)} × ${spread(height)} px`;
  if (seconds !== undefined) {
    const total = vscode.l10n.t('{0} h in all', (seconds.total / 3600).toFixed(2));
    const rates = sampleRates.length === 0 ? '' : `, ${valuesOf(sampleRates)} Hz`;
    return `${spread(seconds, 2)} s, ${total}${rates}`;
  }
  if (characters !== undefined) return vscode.l10n.t('{0} characters', spread(characters));
  return '–';
}

function spread(measure: { minimum: number; median: number; maximum: number }, decimals = 0): string {
  const { minimum, median, maximum } = measure;
  if (minimum === maximum) return minimum.toFixed(decimals);
  return `${minimum.toFixed(decimals)}–${maximum.toFixed(decimals)} (${median.toFixed(decimals)})`;
}

function valuesOf(counts: readonly { value: string; items: number }[]): string {
  if (counts.length === 0) return '–';
  const shown = counts.slice(0, VALUES_SHOWN).map(({ value, items }) => `${value} ${items.toLocaleString('en')}`);
  return `${shown.join(', ')}${counts.length > VALUES_SHOWN ? ', …' : ''}`;
}

/** Names come from files: they must not become markup. */
function escapeCell(text: string): string {
  return text.replace(/[\\|`*_[\]<>#&]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}
