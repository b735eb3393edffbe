import * as vscode from 'vscode';
import type { AlignmentReport, ExportFormat } from '../../protocol.ts';
import type { EngineClient } from '../engineClient.ts';

const ENDINGS: Readonly<Record<ExportFormat, string>> = { json: 'json', csv: 'csv', markdown: 'md', html: 'html' };

/** Asks where to, and lets the engine write a report there. Does nothing when the person thinks better of it. */
export async function saveReport(
  client: EngineClient,
  dataset: string,
  report: AlignmentReport,
  format: ExportFormat,
): Promise<void> {
  const { first, second } = report.question.modalities;
  const target = await askTarget(`${report.dataset}-${first}-${second}-alignment`, ENDINGS[format]);
  if (target === undefined) return;
  await client.request('alignment/export', { dataset, report: report.id, format, target: target.fsPath });
  await offerToOpen(target);
}

/** The same for a picture that a page drew, in Base64. */
export async function saveBytes(name: string, ending: string, bytes: string): Promise<void> {
  const target = await askTarget(name, ending);
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(bytes, 'base64'));
  await offerToOpen(target);
}

async function askTarget(name: string, ending: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.${ending}`;
  return await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, file) }),
    filters: { [ending.toUpperCase()]: [ending] },
  });
}

async function offerToOpen(target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open');
  const said = vscode.l10n.t('Saved {0}.', vscode.workspace.asRelativePath(target));
  if ((await vscode.window.showInformationMessage(said, open)) === open) {
    await vscode.commands.executeCommand('vscode.open', target);
  }
}
