import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activated } from './extension.ts';

/** VS Code itself registers these for each view. */
const ofViews = /^pairlab\.(datasets|runs)\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/;

describe('commands', () => {
  it('are registered as the manifest contributes them, and no others', async () => {
    const { packageJSON } = await activated();
    const contributed: string[] = packageJSON.contributes.commands.map((entry: { command: string }) => entry.command);
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('pairlab.'));
    assert.deepEqual(registered.filter((id) => !ofViews.test(id)).sort(), contributed.sort());
  });
});
