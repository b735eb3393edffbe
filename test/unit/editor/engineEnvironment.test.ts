import { expect, it } from 'vitest';
import { engineEnvironment } from '../../../src/editor/engineProcess.ts';

it('tells Electron to be Node, and keeps the variables of VS Code from the engine', () => {
  const host = { PATH: '/bin', VSCODE_IPC_HOOK: '/tmp/x', ELECTRON_NO_ASAR: '1', NODE_OPTIONS: '--inspect' };
  expect(engineEnvironment(host)).toEqual({ PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' });
});
