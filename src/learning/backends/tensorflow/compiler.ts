import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../../../base/errors.ts';
import type { Compiler, Group, Pure } from '../../compute.ts';
import type { Addon, AddonBackend } from './addon.ts';
import { TAG } from './graph.ts';
import type { Recorder, Recording } from './recorder.ts';

/** A graph in a session of TensorFlow. */
interface Compiled {
  readonly model: number;
  /** As the addon takes them. */
  readonly inputs: string;
  readonly outputs: string;
  /** Names of what the work gives, in the order of the outputs. */
  readonly names: readonly string[];
  /** The file of the graph, until a second recording has been found equal. */
  unconfirmed: Uint8Array | undefined;
}

/**
 * Has TensorFlow compute a pure function as one graph. Operation by operation, most of a step of a small network is spent
 * on the way from one to the next (README, Speed). At the first call with some shapes the function is computed once
 * operation by operation, and what it has the addon do is the graph; at the second call it is recorded once more, which
 * must give the same graph: constants that have changed would mean that the function is not pure.
 */
export class GraphCompiler implements Compiler {
  readonly #addon: Addon;
  readonly #backend: AddonBackend;
  readonly #recorder: Recorder;
  readonly #works = new WeakMap<Pure<Group[], Group>, Map<string, Compiled>>();
  readonly #forgotten: FinalizationRegistry<number>;

  constructor(addon: Addon, backend: AddonBackend, recorder: Recorder) {
    this.#addon = addon;
    this.#backend = backend;
    this.#recorder = recorder;
    this.#forgotten = new FinalizationRegistry((model) => addon.deleteSavedModel(model));
  }

  /** @throws RangeError when the work is not pure. */
  compute(work: Pure<Group[], Group>, groups: readonly Group[]): Group {
    const inputs = entriesOf(groups);
    const tensors = inputs.map(([, tensor]) => tensor);
    const known = this.#graphsOf(work);
    const shapes = inputs.map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape.join()}]`).join(' ');
    const compiled = known.get(shapes) ?? this.#compile(work, groups);
    if (known.has(shapes) && compiled.unconfirmed !== undefined) this.#confirm(compiled, work, groups);
    known.set(shapes, compiled);
    return this.#run(compiled, tensors);
  }

  #graphsOf(work: Pure<Group[], Group>): Map<string, Compiled> {
    const known = this.#works.get(work) ?? new Map<string, Compiled>();
    this.#works.set(work, known);
    return known;
  }

  #compile(work: Pure<Group[], Group>, groups: readonly Group[]): Compiled {
    const { recording, names } = this.#record(work, groups);
    const unconfirmed = recording.graph.savedModel();
    const [inputs, outputs] = [listed(recording.inputs), listed(recording.outputs)];
    const compiled = { model: this.#load(unconfirmed), inputs, outputs, names, unconfirmed };
    this.#forgotten.register(compiled, compiled.model);
    return compiled;
  }

  #confirm(compiled: Compiled, work: Pure<Group[], Group>, groups: readonly Group[]): void {
    const { recording } = this.#record(work, groups);
    if (Buffer.compare(compiled.unconfirmed ?? new Uint8Array(), recording.graph.savedModel()) !== 0) {
      throw new RangeError('a pure function computed something else than before');
    }
    compiled.unconfirmed = undefined;
  }

  /** Computes the work on tensors that share no memory: the recorder tells tensors apart by what they hold. */
  #record(work: Pure<Group[], Group>, groups: readonly Group[]): { recording: Recording; names: string[] } {
    return tf.tidy(() => {
      const copies = groups.map((group) => mapGroup(group, (tensor) => this.#copy(tensor)));
      const inputs = entriesOf(copies).map(([, tensor]) => {
        const [id = 0] = this.#backend.getInputTensorIds([tensor]);
        return { id, dtype: this.#backend.getDTypeInteger(tensor.dtype), shape: tensor.shape };
      });
      let names: string[] = [];
      const recording = this.#recorder.record(inputs, () => {
        const made = work(...copies);
        names = Object.keys(made);
        // A session gives nothing back that was fed to it.
        const fed = new Set(inputs.map(({ id }) => id));
        return Object.values(made).flatMap((tensor) => {
          const [id = 0] = this.#backend.getInputTensorIds([tensor]);
          return fed.has(id) ? this.#backend.getInputTensorIds([this.#copy(tensor)]) : [id];
        });
      });
      return { recording, names } as tf.TensorContainer & { recording: Recording; names: string[] };
    });
  }

  #copy(tensor: tf.Tensor): tf.Tensor {
    const { TF_ATTR_TYPE } = this.#addon;
    const type = { name: 'T', type: TF_ATTR_TYPE, value: this.#backend.getDTypeInteger(tensor.dtype) };
    const [copy] = this.#recorder.binding.executeOp('Identity', [type], this.#backend.getInputTensorIds([tensor]), 1);
    if (copy === undefined) throw new RangeError('no copy');
    return this.#backend.createOutputTensor(copy);
  }

  #load(content: Uint8Array): number {
    const folder = writeModel(content);
    try {
      return this.#addon.loadSavedModel(folder, TAG);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #run({ model, inputs, outputs, names }: Compiled, tensors: readonly tf.Tensor[]): Group {
    const made = this.#addon.runSavedModel(model, this.#backend.getInputTensorIds(tensors), inputs, outputs);
    return Object.fromEntries(
      made.map((handle, at): [string, tf.Tensor] => [names[at] ?? '', this.#backend.createOutputTensor(handle)]),
    );
  }
}

/** The folder of a file with a graph, from which alone the addon takes one. */
function writeModel(content: Uint8Array): string {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'pairlab-graph-'));
    writeFileSync(join(folder, 'saved_model.pb'), content);
    return folder;
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    throw new EnvironmentError(
      `TensorFlow takes the graph of a training step from a file, and none can be written in ${tmpdir()}. ` +
        'Make room there, or set TMPDIR to another folder; `backend: wasm` needs none.',
      error,
    );
  }
}

/** In an order that does not depend on that of the names. */
function entriesOf(groups: readonly Group[]): [string, tf.Tensor][] {
  return groups.flatMap((group) => Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mapGroup(group: Group, change: (tensor: tf.Tensor) => tf.Tensor): Group {
  return Object.fromEntries(Object.entries(group).map(([name, tensor]) => [name, change(tensor)]));
}

/** As the addon takes names: the first output is ":0". */
function listed(names: readonly string[]): string {
  return names.map((name) => (name.includes(':') ? name : `${name}:0`)).join();
}
