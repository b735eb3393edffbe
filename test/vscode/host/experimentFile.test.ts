import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activated, workspaceFolder } from './extension.ts';
import { until } from './until.ts';

describe('an experiment file', () => {
  before(async () => {
    await activated();
  });

  it('offers Run, Stop and Report for all of it, and Run for each method', async () => {
    const document = await open('small.experiment.yaml');
    const lenses = await until(async () => {
      const found = await lensesOf(document);
      return found.length > 0 ? found : undefined;
    });
    const first = lenses.filter((lens) => lens.range.start.line === 0).map(titleOf);
    const methods = lenses.filter((lens) => lens.range.start.line !== 0);
    assert.deepEqual(first, ['$(play) Run', '$(debug-stop) Stop', '$(graph) Report']);
    assert.deepEqual(methods.map(titleOf), ['$(play) Run', '$(play) Run']);
    const lines = methods.map((lens) => document.lineAt(lens.range.start.line).text.trim());
    assert.deepEqual(lines, ['- croma', '- scratch']);
  });

  it('offers Run with the name of each method where several share a line', async () => {
    const document = await open(
      'brackets.experiment.yaml',
      'source: image\ntarget: audio\nmethods: [croma, scratch]\n',
    );
    const lenses = await until(async () => {
      const found = (await lensesOf(document)).filter((lens) => lens.range.start.line === 2);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(lenses.map(titleOf), ['$(play) Run croma', '$(play) Run scratch']);
  });

  it('has no problems when it is right', async () => {
    const document = await open('small.experiment.yaml');
    await until(async () => ((await lensesOf(document)).length > 0 ? true : undefined));
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  it('marks the lines that are wrong, and forgets them when the text is right again', async () => {
    const document = await open('wrong.experiment.yaml', 'source: picture\ntarget: audio\n');
    const problems = await until(() => problemsOf(document));
    assert.deepEqual(
      problems.map(({ range, source }) => [range.start.line, source]),
      [[0, 'PairLab']],
    );
    await replace(document, 'source: image\ntarget: audio\n');
    await until(() => (problemsOf(document) === undefined ? true : undefined));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});

/** Shows a file of the workspace, written first when it has a text. */
async function open(name: string, text?: string): Promise<vscode.TextDocument> {
  const file = vscode.Uri.joinPath(workspaceFolder(), name);
  if (text !== undefined) await vscode.workspace.fs.writeFile(file, Buffer.from(text));
  const editor = await vscode.window.showTextDocument(file);
  return editor.document;
}

async function replace(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), text);
  await vscode.workspace.applyEdit(edit);
}

async function lensesOf(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
    'vscode.executeCodeLensProvider',
    document.uri,
    100,
  );
  return lenses;
}

const titleOf = (lens: vscode.CodeLens): string => lens.command?.title ?? '';

function problemsOf(document: vscode.TextDocument): vscode.Diagnostic[] | undefined {
  const problems = vscode.languages.getDiagnostics(document.uri);
  return problems.length > 0 ? problems : undefined;
}
