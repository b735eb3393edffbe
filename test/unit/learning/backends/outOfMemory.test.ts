import { expect, test } from 'vitest';
import { halfTheBatches, isOutOfMemory } from '../../../../src/learning/backends/outOfMemory.ts';
import { defaultSettings } from '../../../../src/learning/settings.ts';

test.each([
  new Error('Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[65536,65536]'),
  new Error('Invalid TF_Status: 8\nMessage: RESOURCE_EXHAUSTED: failed to allocate memory'),
  new Error('CUDA_ERROR_OUT_OF_MEMORY: out of memory'),
  new WebAssembly.RuntimeError('memory access out of bounds'),
  new Error('GPUOutOfMemoryError: Buffer size is too large'),
])('a full memory is recognised: %s', (error) => {
  expect(isOutOfMemory(error)).toBe(true);
});

test.each([new Error('room temperature'), new TypeError('x is not a function'), 'OOM', undefined])(
  'nothing else is taken for one: %s',
  (error) => {
    expect(isOutOfMemory(error)).toBe(false);
  },
);

test('half the batches are suggested under the names that the experiment file has, two items at least', () => {
  expect(halfTheBatches({ ...defaultSettings, innerBatch: 2, alignmentBatch: 21 })).toBe(
    'innerBatch: 2, alignmentBatch: 10, transfer.batch: 16',
  );
});
