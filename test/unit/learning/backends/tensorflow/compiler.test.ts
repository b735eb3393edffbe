import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Addon, AddonBackend, Handle } from '../../../../../src/learning/backends/tensorflow/addon.ts';
import { GraphCompiler } from '../../../../../src/learning/backends/tensorflow/compiler.ts';
import { Recorder } from '../../../../../src/learning/backends/tensorflow/recorder.ts';
import type { Group } from '../../../../../src/learning/compute.ts';
import { openWasm } from '../../wasm.ts';

beforeAll(openWasm);

/** An addon that computes nothing, and counts what it is asked for; tensors that it makes are zeros of wasm. */
function stub() {
  const asked: string[] = [];
  const ids = new Map<tf.Tensor, number>();
  let last = 0;
  const handle = (shape: number[]): Handle => ({ id: ++last, dtype: 1, shape });
  const addon: Addon = {
    ...{ TF_Version: '2', TF_ATTR_STRING: 0, TF_ATTR_INT: 1, TF_ATTR_FLOAT: 2, TF_ATTR_BOOL: 3, TF_ATTR_TYPE: 4 },
    isUsingGpuDevice: () => false,
    createTensor: (shape) => handle([...shape]).id,
    tensorDataSync: () => Float32Array.of(0),
    executeOp: (name, _, inputs) => {
      asked.push(`${name} of ${inputs.length}`);
      return [handle([2])];
    },
    loadSavedModel: () => asked.push('load'),
    runSavedModel(...[, , inputNames, outputNames]) {
      asked.push(`run ${inputNames} for ${outputNames}`);
      return [handle([2])];
    },
    deleteSavedModel: () => {},
  };
  const idOf = (tensor: tf.Tensor): number => {
    const id = ids.get(tensor) ?? ++last;
    ids.set(tensor, id);
    return id;
  };
  const backend = {
    getDTypeInteger: () => 1,
    getInputTensorIds: (tensors: readonly tf.Tensor[]) => tensors.map(idOf),
    createOutputTensor: ({ id, shape }: Handle) => {
      const tensor = tf.zeros(shape);
      ids.set(tensor, id);
      return tensor;
    },
  } as unknown as AddonBackend;
  const recorder = new Recorder(addon, addon);
  const { binding } = recorder;
  /** What a kernel of TensorFlow.js does. */
  const kernel = (name: string, ...inputs: tf.Tensor[]): tf.Tensor => {
    const [made] = binding.executeOp(name, [], backend.getInputTensorIds(inputs), 1);
    return made === undefined ? tf.zeros([0]) : backend.createOutputTensor(made);
  };
  const constant = (value: number): tf.Tensor => {
    const tensor = tf.scalar(value);
    ids.set(tensor, binding.createTensor([], 1, Float32Array.of(value)));
    return tensor;
  };
  return { asked, binding, kernel, constant, compiler: new GraphCompiler(addon, backend, recorder) };
}

const two = (): Group => ({ x: tf.tensor1d([1, 2]) });
/** Of the only group. */
const first = (group: Group | undefined): tf.Tensor => Object.values(group ?? {})[0] ?? tf.zeros([0]);

describe('a pure function', () => {
  test('is recorded twice and loaded once for each shape, and then only run', () => {
    const { asked, kernel, constant, compiler } = stub();
    const work = (group: Group) => ({ y: kernel('Mul', first(group), constant(3)) });
    for (let call = 0; call < 4; call++) compiler.compute(work, [two()]);
    const run = 'run n0:0 for n2:0';
    expect(asked).toEqual(['Identity of 1', 'Mul of 2', 'load', run, 'Identity of 1', 'Mul of 2', run, run, run]);
    compiler.compute(work, [{ x: tf.zeros([5, 1]) }]);
    expect(asked.slice(9)).toEqual(['Identity of 1', 'Mul of 2', 'load', run]);
  });

  test('leaves no tensors behind but what it gives', () => {
    const { kernel, constant, compiler } = stub();
    const work = (group: Group) => ({ y: kernel('Mul', first(group), constant(3)) });
    const given = two();
    const before = tf.memory().numTensors;
    for (let call = 0; call < 3; call++) tf.dispose({ ...compiler.compute(work, [given]) });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('takes two inputs that share their memory for two', () => {
    const { asked, kernel, compiler } = stub();
    const x = tf.tensor1d([1, 2]);
    const work = (group: Group) => ({ y: kernel('Add', ...Object.values(group)) });
    compiler.compute(work, [{ a: x, b: x }]);
    expect(asked.at(-1)).toBe('run n0:0,n1:0 for n2:0');
  });
});

describe('a function that is not pure', () => {
  test('is refused when it uses a tensor that it was not given', () => {
    const { kernel, compiler } = stub();
    const other = tf.tensor1d([1, 2]);
    const work = (group: Group) => ({ y: kernel('Add', first(group), other) });
    expect(() => compiler.compute(work, [two()])).toThrow('uses no tensors but those that it is given');
  });

  test('is refused when it reads a value', () => {
    const { kernel, binding, compiler } = stub();
    const work = (group: Group) => {
      binding.tensorDataSync(1);
      return { y: kernel('Neg', first(group)) };
    };
    expect(() => compiler.compute(work, [two()])).toThrow('reads no values');
  });

  test('is refused at its second call when a constant has changed', () => {
    const { kernel, constant, compiler } = stub();
    let calls = 0;
    const work = (group: Group) => ({ y: kernel('Mul', first(group), constant(++calls)) });
    compiler.compute(work, [two()]);
    expect(() => compiler.compute(work, [two()])).toThrow('something else than before');
  });
});
