import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../base/random.ts';
import { median } from '../../base/statistics.ts';
import type { BackendMeasures, BackendName } from '../../protocol.ts';
import { Adam } from '../adam.ts';
import { type BackendPlaces, openBackend } from '../backend.ts';
import { compute } from '../compute.ts';
import { descend, type Objective, slopeOf } from '../descent.ts';
import { infoNce } from '../losses.ts';
import { type DualNetwork, dualNetwork } from '../networks/dual.ts';
import { encoder } from '../networks/encoders.ts';
import { Layout } from '../networks/layout.ts';
import { type Given, marked, type Numbers } from '../numbers.ts';
import { alignmentSlope, type PairedItems } from '../objectives.ts';
import { defaultSettings } from '../settings.ts';

/** Of the product that is checked. */
const SIZE = 96;
/** Of the training step that is checked: items, and the length of their vectors. */
const [ITEMS, DIMENSIONS] = [16, 32];
/** Length of the vectors in the inner loops that are timed; all else is as an experiment has it that says nothing. */
const TIMED_DIMENSIONS = 128;
/** Inner loops that are timed: at least so many, then for so long, but no more than so many. */
const LEAST_LOOPS = 10;
const LOOPS_MS = 2000;
const MOST_LOOPS = 100;
/** Float32 gives 1e-7 and 1e-5; TensorFloat-32 and half precision give 1e-3 and more. */
const LARGEST_PRODUCT_ERROR = 1e-5;
const LARGEST_STEP_ERROR = 1e-3;
/** The throughput is that of the largest product that takes no longer. */
const PRODUCT_MS = 150;
const LARGEST_PRODUCT = 4096;

/**
 * Opens a backend in this process, checks what it computes, and measures it.
 * @throws BackendRefusal as {@link openBackend}
 * @throws Error when its numbers are wrong, in a sentence
 */
export async function measureBackend(name: BackendName, places: BackendPlaces): Promise<BackendMeasures> {
  await openBackend('wasm', places);
  const checked = trainingStep();
  const reference = await checked();
  const { device, versions, failed } = await openBackend(name, places);
  const measure = async (): Promise<BackendMeasures> => {
    const productError = await errorOfProduct();
    requireSmall('matrix products', productError, LARGEST_PRODUCT_ERROR);
    const stepError = largestDifference(await checked(), reference);
    requireSmall('the gradient of a training step', stepError, LARGEST_STEP_ERROR);
    const gigaflops = await throughput();
    const speeds = { gigaflops, ...(await timesOfStep(name)) };
    return { device, versions: { ...versions }, productError, stepError, ...speeds };
  };
  return await Promise.race([measure(), failed]);
}

function requireSmall(what: string, error: number, limit: number): void {
  if (error <= limit) return;
  throw new Error(`It computes wrong numbers: ${what} are off by ${error.toExponential(1)} (limit ${limit}).`);
}

/** A step that gives the gradient of InfoNCE between two perceptrons by all their weights: the same on every backend. */
function trainingStep(): () => Promise<Float32Array> {
  const random = Random.of(0, 'probe');
  const first = encoder('first', [DIMENSIONS], 'mlp');
  const second = encoder('second', [DIMENSIONS], 'mlp');
  const layout = new Layout([...first.parameters, ...second.parameters]);
  const weights = layout.initialise(random);
  const [a, b] = [normals(ITEMS * DIMENSIONS, random), normals(ITEMS * DIMENSIONS, random)];
  const slope = slopeOf<'a' | 'b'>((at, given) => {
    const tensors = layout.cut(at);
    const [u, v] = [first.apply(tensors, given.a), second.apply(tensors, given.b)];
    return infoNce(u as tf.Tensor2D, v as tf.Tensor2D, tf.eye(ITEMS), 0.1);
  });
  const step = ({ at }: Given<'at'>, given: Given<'a' | 'b'>) => ({ gradient: slope(at as tf.Tensor1D, given).grad });
  return async () => {
    const at = tf.tensor1d(weights);
    const given = { a: tf.tensor2d(a, [ITEMS, DIMENSIONS]), b: tf.tensor2d(b, [ITEMS, DIMENSIONS]) };
    const { gradient } = compute(step, { at }, given);
    tf.dispose([at, given]);
    return await take(gradient);
  };
}

/**
 * Of the backend that computes, and of wasm after it: what both run of TensorFlow.js is compiled by then, without which a
 * step on wasm would seem to take half as long again.
 */
async function timesOfStep(name: BackendName): Promise<Pick<BackendMeasures, 'stepMs' | 'wasmStepMs'>> {
  const stepMs = await timeOfStep();
  if (name === 'wasm') return { stepMs, wasmStepMs: stepMs };
  await tf.setBackend('wasm');
  return { stepMs, wasmStepMs: await timeOfStep() };
}

/**
 * Of a step of CROMA's inner loop with the default network and settings, computed as in a run: as one graph where the backend
 * compiles, and with nothing read before the loop ends. The median of the later half of the loops: the first ones are
 * slower, until everything has compiled what it runs.
 */
async function timeOfStep(): Promise<number> {
  const { innerSteps, learningRate } = defaultSettings;
  const inputs = { shape: [TIMED_DIMENSIONS] };
  const network = dualNetwork({ source: inputs, target: inputs }, defaultSettings);
  const random = Random.of(0, 'probe');
  const objective = alignmentOf(network, random);
  const start = tf.tensor1d(network.layout.initialise(random));
  const taken: number[] = [];
  const begun = performance.now();
  let now = begun;
  while (taken.length < LEAST_LOOPS || (taken.length < MOST_LOOPS && now - begun < LOOPS_MS)) {
    const before = now;
    const adam = new Adam(start.size, learningRate, 0);
    const { weights } = await descend(start, innerSteps, objective, adam, 'the probe');
    adam.dispose();
    weights.dispose();
    now = performance.now();
    taken.push((now - before) / innerSteps);
  }
  start.dispose();
  return median(taken.slice(taken.length >> 1)) ?? Number.NaN;
}

/** The alignment of some pairs, each of a class of its own, that are the same at every step. */
function alignmentOf(network: DualNetwork, random: Random): Objective<keyof PairedItems> {
  const { alignmentBatch } = defaultSettings;
  const items = (): Numbers => ({
    values: normals(alignmentBatch * TIMED_DIMENSIONS, random),
    shape: [alignmentBatch, TIMED_DIMENSIONS],
  });
  const batch = { sources: items(), targets: items(), relation: marked([...Array(alignmentBatch).keys()]) };
  return { term: 'alignment', next: async () => batch, slope: alignmentSlope(network)(defaultSettings) };
}

async function errorOfProduct(): Promise<number> {
  const random = Random.of(1, 'probe');
  const [a, b] = [normals(SIZE * SIZE, random), normals(SIZE * SIZE, random)];
  const product = await take(tf.tidy(() => tf.matMul(square(a, SIZE), square(b, SIZE))));
  let largest = 0;
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      let [sum, left, right] = [0, 0, 0];
      for (let k = 0; k < SIZE; k++) {
        const [x, y] = [a[row * SIZE + k] ?? 0, b[k * SIZE + column] ?? 0];
        sum += x * y;
        left += x * x;
        right += y * y;
      }
      const error = Math.abs((product[row * SIZE + column] ?? Number.NaN) - sum) / Math.sqrt(left * right);
      largest = Number.isFinite(error) ? Math.max(largest, error) : Number.POSITIVE_INFINITY;
    }
  }
  return largest;
}

/** In 10⁹ operations a second; a product of two n × n matrices takes 2n³. */
async function throughput(): Promise<number> {
  let best = 0;
  for (let size = 256; size <= LARGEST_PRODUCT; size *= 2) {
    // The first of a size compiles what it needs.
    await timeOfProduct(size);
    const milliseconds = await timeOfProduct(size);
    best = Math.max(best, (2 * size ** 3) / milliseconds / 1e6);
    if (milliseconds > PRODUCT_MS) break;
  }
  return best;
}

async function timeOfProduct(size: number): Promise<number> {
  const factor = tf.fill<tf.Rank.R2>([size, size], 0.5);
  const begun = performance.now();
  // One number is read: waiting for it waits for the product, and the way back costs nothing.
  await take(tf.tidy(() => tf.slice(tf.matMul(factor, factor), [0, 0], [1, 1])));
  const milliseconds = performance.now() - begun;
  factor.dispose();
  return milliseconds;
}

function largestDifference(values: Float32Array, reference: Float32Array): number {
  const scale = reference.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const differences = reference.map((value, at) => Math.abs((values[at] ?? Number.NaN) - value));
  const largest = differences.reduce((a, b) => (Number.isNaN(b) ? Number.POSITIVE_INFINITY : Math.max(a, b)), 0);
  return largest / scale;
}

function normals(count: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

const square = (values: Float32Array, size: number): tf.Tensor2D => tf.tensor2d(values, [size, size]);

/** The values of a tensor, which is disposed. */
async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}
