import { expect, test } from 'vitest';
import { whyNot } from '../../../../src/learning/backends/choose.ts';
import type { BackendMeasures, BackendStatus } from '../../../../src/protocol.ts';

function status(name: BackendStatus['name'], measured: Partial<BackendMeasures>): BackendStatus {
  const usual = { device: { name: 'a device' }, versions: {}, gigaflops: 1, productError: 0, stepError: 0 };
  return { name, state: 'ready', measured: { ...usual, stepMs: 2, wasmStepMs: 4, ...measured } };
}

test('auto takes tensorflow where a step is faster on it than on wasm', () => {
  expect(whyNot(status('tensorflow', {}))).toBeUndefined();
});

test('auto passes tensorflow over where a step is slower on it, and says by how much', () => {
  expect(whyNot(status('tensorflow', { stepMs: 12.34 }))).toContain('takes 12.3 ms, on wasm 4.0 ms');
});

test('auto takes a GPU however long a small step takes on it, but no adapter in software', () => {
  expect(whyNot(status('webgpu', { stepMs: 50 }))).toBeUndefined();
  expect(whyNot(status('webgpu', { device: { name: 'SwiftShader', software: true } }))).toContain('in software');
});

test('auto passes over what cannot be used, for the reason that the probe gave', () => {
  expect(whyNot({ name: 'webgpu', state: 'refused', reason: 'Dawn finds no GPU.' })).toBe('Dawn finds no GPU.');
});
