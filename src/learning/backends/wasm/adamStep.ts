import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {
  add,
  advance,
  divide,
  type FunctionCode,
  get,
  integer,
  load,
  loadSplat,
  moduleOf,
  multiply,
  repeated,
  repeatWhileBelow,
  set,
  squareRoot,
  store,
  subtract,
} from '../../../base/assembler.ts';
import { ADAM_STEP, type AdamConstants, type AdamInputs } from '../../adam.ts';
import { FLOAT, LANES, madeInFours } from './fours.ts';
import { heapOf, numbersOf, whereThereIsSimd } from './heap.ts';
import type { Call } from './replaceKernel.ts';

/** The parameters of the code, which are addresses: of the numbers of a step, and of where the weights end. */
const [WEIGHTS, GRADIENT, FIRST, SECOND, SCALARS, END, NEW_WEIGHTS, NEW_FIRST, NEW_SECOND] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;
const PARAMETERS = 9;
/** Its vectors: the scalars, each four times, in the order in which they lie; then what a turn makes. */
const [RATE, CORRECTION, BETA1, FIRST_SHARE, BETA2, SECOND_SHARE, EPSILON, SLOPE, MEAN, SPREAD] = [
  9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
] as const;
const SCALAR_COUNT = 7;
const VECTORS = 10;

type Step = (...parameters: readonly number[]) => void;

/**
 * Lets the wasm backend take a step of Adam in one pass over its numbers, in the place of a dozen operations, with the same
 * results to the last bit. Where the engine has no SIMD, it has no such kernel.
 */
export function stepInOnePass(backend: BackendWasm): void {
  const memory = heapOf(backend);
  const step = whereThereIsSimd(() => openStep(memory));
  if (step === undefined) return;
  tf.registerKernel({
    kernelName: ADAM_STEP,
    backendName: 'wasm',
    // The registry knows none of these types.
    kernelFunc: (call) => takeStep(step, call as unknown as Call<AdamInputs, AdamConstants>),
  });
}

/** @throws WebAssembly.CompileError where there is no SIMD */
function openStep(memory: WebAssembly.Memory): Step {
  const module = new WebAssembly.Module(moduleOf([stepCode()]));
  // Of the type that the binary declares.
  return new WebAssembly.Instance(module, { host: { memory } }).exports.step as Step;
}

/** The new weights and moments. */
function takeStep(step: Step, { inputs, attrs, backend }: Call<AdamInputs, AdamConstants>): tf.TensorInfo[] {
  const { weights, gradient, first, second, rate, correction } = inputs;
  const { beta1, beta2, epsilon } = attrs;
  const scalars = backend.makeOutput([SCALAR_COUNT], 'float32');
  const [ratio = 0, debias = 0] = [rate, correction].map((own) => numbersOf(backend, own)[0]);
  numbersOf(backend, scalars).set([ratio, debias, beta1, 1 - beta1, beta2, 1 - beta2, epsilon]);
  const results = madeInFours(backend, 3, weights.shape, (to, start, end) => {
    const at = ({ dataId }: tf.TensorInfo, place: number): number => backend.getMemoryOffset(dataId) + FLOAT * place;
    const from = [weights, gradient, first, second].map((own) => at(own, start));
    step(...from, at(scalars, 0), at(weights, end), ...to);
  });
  backend.disposeData(scalars.dataId);
  return results;
}

/** In the order of the operations of `adam.ts`. */
function stepCode(): FunctionCode {
  const scalars = repeated(SCALAR_COUNT, (at) => set(PARAMETERS + at, loadSplat(SCALARS, FLOAT * at)));
  const turn = [
    ...set(SLOPE, load(GRADIENT)),
    ...set(MEAN, add(multiply(load(FIRST), get(BETA1)), multiply(get(SLOPE), get(FIRST_SHARE)))),
    ...set(SPREAD, multiply(multiply(get(SLOPE), get(SLOPE)), get(SECOND_SHARE))),
    ...set(SPREAD, add(multiply(load(SECOND), get(BETA2)), get(SPREAD))),
    ...store(NEW_FIRST, 0, get(MEAN)),
    ...store(NEW_SECOND, 0, get(SPREAD)),
    ...set(SPREAD, add(squareRoot(divide(get(SPREAD), get(CORRECTION))), get(EPSILON))),
    ...store(NEW_WEIGHTS, 0, subtract(load(WEIGHTS), divide(multiply(get(MEAN), get(RATE)), get(SPREAD)))),
    ...[WEIGHTS, GRADIENT, FIRST, SECOND, NEW_WEIGHTS, NEW_FIRST, NEW_SECOND].flatMap((address) =>
      advance(address, integer(FLOAT * LANES)),
    ),
  ];
  const body = [...scalars.flat(), ...repeatWhileBelow(WEIGHTS, END, turn)];
  return { name: 'step', parameters: PARAMETERS, integers: 0, vectors: VECTORS, body };
}
