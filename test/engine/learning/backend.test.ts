import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { EnvironmentError } from '../../../src/base/errors.ts';
import { openBackend } from '../../../src/learning/backend.ts';
import { WASM_FOLDER } from '../../unit/learning/wasm.ts';

describe('the backend', () => {
  test('is refused with the missing file named when the wasm folder is not there', async () => {
    const failure = await openBackend('auto', '/no/such/folder').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnvironmentError);
    expect(String(failure)).toContain('/no/such/folder/tfjs-backend-wasm.wasm is missing');
  });

  test('is wasm for auto, with the reason why each better one was refused, also when it is opened twice', async () => {
    const first = await openBackend('auto', WASM_FOLDER);
    expect(await openBackend('auto', WASM_FOLDER)).toEqual(first);
    expect(first.name).toBe('wasm');
    expect(first.describe).toMatch(/^TensorFlow.js 4\.\d+\.\d+, wasm with(out)? SIMD, one thread$/);
    expect(first.refused.map(({ name }) => name)).toEqual(['tensorflow-gpu', 'webgpu', 'tensorflow']);
    expect(tf.getBackend()).toBe('wasm');
  });

  test('says nothing about others when it was asked for by name', async () => {
    expect((await openBackend('wasm', WASM_FOLDER)).refused).toEqual([]);
  });
});
