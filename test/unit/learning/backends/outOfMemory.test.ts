import { expect, test } from 'vitest';
import { isOutOfMemory, wayToLessMemory } from '../../../../src/learning/backends/outOfMemory.ts';
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

test('parts of a batch are suggested first, then half the batches, two items at least, by their names in the file', () => {
  expect(wayToLessMemory({ ...defaultSettings, innerBatch: 2, alignmentBatch: 21, accumulate: 3 })).toBe(
    'set `accumulate: 6` in its file, which takes the same steps with less memory and more time. ' +
      'If that is not enough, halve the batches: innerBatch: 2, alignmentBatch: 10, transfer.batch: 16',
  );
});

test('more parts than the largest batch has items are not suggested', () => {
  expect(wayToLessMemory({ ...defaultSettings, accumulate: 17 })).toBe(
    'halve the batches in its file: innerBatch: 5, alignmentBatch: 10, transfer.batch: 16',
  );
});
