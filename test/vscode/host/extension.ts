import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';

/** The extension under test, started. */
export async function activated(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension('pairlab.pairlab');
  assert.ok(extension, 'the extension is there');
  await extension.activate();
  return extension;
}

/** The folder that the window has open. */
export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return folder.uri;
}

/** How many engines this extension host has started and still has. */
export function countEngines(): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return children.filter((pid) => isOwnEngine(pid)).length;
}

function isOwnEngine(pid: string): boolean {
  try {
    const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return parent === String(process.pid) && command.includes('serve');
  } catch {
    // It ended meanwhile.
    return false;
  }
}
