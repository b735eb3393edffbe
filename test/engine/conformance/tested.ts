import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { openBackend } from '../../../src/learning/backend.ts';
import { BackendName } from '../../../src/protocol.ts';
import { WASM_FOLDER } from '../../unit/learning/wasm.ts';

/** The backend that the suite is run on: the ring `backends` names the others, one after the other. */
export const TESTED = BackendName.parse(process.env['PAIRLAB_TEST_BACKEND'] ?? 'wasm');

const opened = new Set<BackendName>();

/** Makes a backend the one that computes. */
export async function open(name: BackendName): Promise<void> {
  const registered = name === 'tensorflow-gpu' ? 'tensorflow' : name;
  if (opened.has(name)) await tf.setBackend(registered);
  else await openBackend(name, { wasmFolder: WASM_FOLDER });
  opened.add(name);
  expect(tf.getBackend()).toBe(registered);
}

/** Float32 sums of a few dozen terms, in whatever order a backend takes them. */
export const FORWARD_TOLERANCE = 2e-5;
/** The same through a chain of some ten operations and back. */
export const GRADIENT_TOLERANCE = 2e-4;

/** Expects values that differ from a float64 reference by no more than a share of its largest entry. */
export function expectClose(values: ArrayLike<number>, reference: readonly number[], tolerance: number): void {
  const scale = reference.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  expect(values.length).toBe(reference.length);
  const differences = reference.map((value, at) => Math.abs((values[at] ?? Number.NaN) - value) / scale);
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

/** The values of tensors, which are disposed. */
export async function take(...tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose([...tensors]);
  return values;
}
