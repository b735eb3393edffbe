import { expect, it, vi } from 'vitest';
import type { BackendTable } from '../../../src/protocol.ts';
import { vscodeText } from './vscodeText.ts';

vi.mock('vscode', () => vscodeText);
const { backendsText } = await import('../../../src/editor/backends/backendsText.ts');

const table: BackendTable = {
  backends: [
    { name: 'webgpu', state: 'refused', reason: 'Dawn finds no GPU.', next: 'Install its driver.' },
    {
      name: 'tensorflow',
      state: 'ready',
      measured: {
        device: { name: 'EPYC | 2 threads', memory: 8 * 2 ** 30 },
        versions: { TensorFlow: '2.21.0' },
        gigaflops: 46.3,
        productError: 1e-7,
        stepError: 4e-7,
        stepMs: 3,
        wasmStepMs: 4,
      },
    },
  ],
  chosen: 'tensorflow',
  runtimes: '/runtimes',
  node: { path: '/usr/bin/node', version: 'v20.20.2' },
};

it('the table of backends says what auto takes, what each computes on, and why the others are not used', () => {
  const text = backendsText(table);
  expect(text).toContain(
    '| **tensorflow** (taken by auto) | ready | EPYC \\| 2 threads | 8.0 GiB | 46 | 3.0 | TensorFlow 2.21.0 |',
  );
  expect(text).toContain('**webgpu**: Dawn finds no GPU. Install its driver.');
  expect(text).toContain('Runs use Node v20.20.2 (/usr/bin/node). Set-ups lie in /runtimes.');
});
