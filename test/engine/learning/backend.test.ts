import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EnvironmentError } from '../../../src/base/errors.ts';
import { describeBackend, openBackend } from '../../../src/learning/backend.ts';
import { WASM_FOLDER } from '../../unit/learning/wasm.ts';

describe('a backend', () => {
  let empty = '';
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'pairlab-runtimes-'));
    process.env['PAIRLAB_RUNTIMES'] = empty;
  });
  afterAll(() => rm(empty, { recursive: true, force: true }));

  test('is refused with the missing file named when the wasm folder is not there', async () => {
    const failure = await openBackend('wasm', { wasmFolder: '/no/such/folder' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnvironmentError);
    expect(String(failure)).toContain('/no/such/folder/tfjs-backend-wasm.wasm is missing');
  });

  test('says what it computes on and with, also when it is opened twice', async () => {
    const first = await openBackend('wasm', { wasmFolder: WASM_FOLDER });
    expect(await openBackend('wasm', { wasmFolder: WASM_FOLDER })).toEqual(first);
    expect(describeBackend(first)).toMatch(
      /^wasm on .+, one thread \(TensorFlow\.js 4\.\d+\.\d+, WebAssembly with(out)? SIMD\)$/,
    );
    expect(tf.getBackend()).toBe('wasm');
  });

  test.each(['tensorflow-gpu', 'webgpu', 'tensorflow'] as const)(
    'that is not set up says how to set it up: %s',
    async (name) => {
      const opened = openBackend(name, { wasmFolder: WASM_FOLDER });
      await expect(opened).rejects.toThrow(`${name} is not set up. Set it up with \`pairlab backend setup ${name}\`.`);
    },
  );
});
