import * as vscode from 'vscode';
import type { ItemDetail } from '../../protocol.ts';
import { Failure } from '../failure.ts';
import type { Workspaces } from '../workspaces.ts';
import type { ChosenPairs } from './pairTargets.ts';

/** One of the dataset's classes, or a new one; undefined when the user turns away. */
export async function askClass(workspaces: Workspaces, { dataset, pairs }: ChosenPairs): Promise<string | undefined> {
  const summary = (await workspaces.of(dataset).datasets.list()).find(({ path }) => path === dataset);
  const other: vscode.QuickPickItem = { label: vscode.l10n.t('Another Class…'), iconPath: new vscode.ThemeIcon('add') };
  const known = (summary?.snapshot?.classes ?? []).map((label): vscode.QuickPickItem => ({ label }));
  const title = vscode.l10n.t('The right class of {0}', pairsInWords(pairs));
  const chosen = known.length === 0 ? other : await vscode.window.showQuickPick([...known, other], { title });
  return chosen === other ? await askText(title, '') : chosen?.label;
}

/** The text item of a pair with its new text; undefined when the user turns away or changes nothing. */
export async function askCaption(
  workspaces: Workspaces,
  { dataset, pairs }: ChosenPairs,
): Promise<{ item: string; text: string } | undefined> {
  const [pair, another] = pairs;
  if (pair === undefined) return undefined;
  if (another !== undefined) {
    throw new Failure('input', vscode.l10n.t('Each caption is its own: select one pair to correct its caption.'));
  }
  const { items } = await workspaces.of(dataset).client.request('dataset/pair', { dataset, pair });
  const item = await pickTextItem(items);
  if (item === undefined) return undefined;
  const shown = item.text?.replace(/\s+/g, ' ').trim() ?? '';
  const text = await askText(vscode.l10n.t('The right text of {0}. Its file stays as it is.', item.id), shown);
  return text === undefined || text === shown ? undefined : { item: item.id, text };
}

export async function askNote(pairs: readonly string[]): Promise<string | undefined> {
  return await askText(vscode.l10n.t('A note about {0}', pairsInWords(pairs)), '');
}

export function pairsInWords(pairs: readonly string[]): string {
  return pairs.length === 1 ? (pairs[0] ?? '') : vscode.l10n.t('{0} pairs', pairs.length.toLocaleString('en'));
}

async function pickTextItem(items: readonly ItemDetail[]): Promise<ItemDetail | undefined> {
  const texts = items.filter(({ modality }) => modality === 'text');
  const [only, another] = texts;
  if (only === undefined) {
    throw new Failure('input', vscode.l10n.t('This pair has no text. Choose one that pairs with a text.'));
  }
  if (another === undefined) return only;
  const choices = texts.map((item) => ({ label: item.id, description: item.text ?? '', item }));
  return (await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Which text?') }))?.item;
}

async function askText(title: string, value: string): Promise<string | undefined> {
  const validateInput = (text: string): string | undefined =>
    text.trim() === '' ? vscode.l10n.t('Write something, or press Escape.') : undefined;
  return (await vscode.window.showInputBox({ title, value, validateInput }))?.trim();
}
