import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activated, countEngines, workspaceFolder } from './extension.ts';
import { until } from './until.ts';

describe('activation', () => {
  it('starts no engine', async () => {
    await activated();
    assert.equal(countEngines(), 0);
  });

  it('leaves the engine to the first file that needs it, and starts one only', async () => {
    await activated();
    const file = vscode.Uri.joinPath(workspaceFolder(), 'small.experiment.yaml');
    await vscode.window.showTextDocument(file);
    await until(() => (countEngines() > 0 ? true : undefined));
    assert.equal(countEngines(), 1);
  });
});
