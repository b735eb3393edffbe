import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChoice } from '../../../src/learning/backends/openChoice.ts';
import { BackendRefusal } from '../../../src/learning/backends/refusal.ts';
import { WASM_FOLDER } from '../../unit/learning/wasm.ts';

/** Backends that a probe had found usable, and whose packages have gone since. */
describe('a chosen backend that does not open', () => {
  let empty = '';
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'pairlab-runtimes-'));
    process.env['PAIRLAB_RUNTIMES'] = empty;
  });
  afterAll(() => rm(empty, { recursive: true, force: true }));
  const places = { wasmFolder: WASM_FOLDER };

  test('gives way to the next best where `auto` chose it, and each one is named with the reason', async () => {
    const status = { name: 'webgpu', state: 'ready', probed: '2026-01-01' } as const;
    const before = [{ name: 'tensorflow-gpu', state: 'refused', reason: 'No GPU.' }] as const;
    const chosen = { asked: 'auto', name: 'webgpu', status, refused: before } as const;
    const { backend, choice } = await openChoice(chosen, places);
    expect(backend.name).toBe('wasm');
    expect(choice).toMatchObject({ asked: 'auto', name: 'wasm', status: { name: 'wasm', state: 'ready' } });
    const why = 'The probe had found it usable, but it does not open now: webgpu is not set up.';
    expect(choice.refused).toMatchObject([
      ...before,
      { ...status, state: 'refused', reason: why },
      { name: 'tensorflow', state: 'not set up', reason: 'It is not set up.' },
    ]);
  });

  test('is refused with the sentence where it was named', async () => {
    const opened = openChoice({ asked: 'webgpu', name: 'webgpu', refused: [] }, places);
    await expect(opened).rejects.toThrow(BackendRefusal);
    await expect(opened).rejects.toThrow('webgpu is not set up. Set it up with `pairlab backend setup webgpu`.');
  });
});
