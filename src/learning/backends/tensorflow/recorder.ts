import type { Addon, AddonAttribute, Handle } from './addon.ts';
import { type Attribute, Graph } from './graph.ts';

/** A graph that was recorded: what is fed to it, and what is fetched of it, in the order of the recording. */
export interface Recording {
  readonly graph: Graph;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

interface Tape {
  readonly graph: Graph;
  /** By the ids of the tensors that were made. */
  readonly names: Map<number, string>;
}

/** Stands before the addon, and writes down as a graph what TensorFlow.js has it compute. */
export class Recorder {
  /** What TensorFlow.js is to take for the addon. */
  readonly binding: Addon;
  readonly #addon: Addon;
  #tape: Tape | undefined;

  constructor(addon: Addon, original: object) {
    this.#addon = addon;
    const createTensor: Addon['createTensor'] = (shape, dtype, values) => this.#create(shape, dtype, values);
    const executeOp: Addon['executeOp'] = (...operation) => this.#execute(...operation);
    const tensorDataSync: Addon['tensorDataSync'] = (id) => this.#read(id);
    const stands = Object.entries({ createTensor, executeOp, tensorDataSync });
    const overrides = stands.map(([name, value]) => [name, { value, enumerable: true }] as const);
    this.binding = Object.create(original, Object.fromEntries(overrides)) as Addon;
  }

  /**
   * @param inputs the tensors by which the work may depend on anything
   * @param work gives the ids of what it makes
   * @throws RangeError when the work reads a value or uses another tensor: it is not pure
   */
  record(inputs: readonly Handle[], work: () => readonly number[]): Recording {
    const graph = new Graph();
    const names = new Map(inputs.map((handle) => [handle.id, graph.placeholder(handle)]));
    const placeholders = [...names.values()];
    this.#tape = { graph, names };
    try {
      return { graph, inputs: placeholders, outputs: work().map((id) => nameOf(names, id)) };
    } finally {
      this.#tape = undefined;
    }
  }

  #create(shape: readonly number[], dtype: number, values: ArrayBufferView): number {
    const id = this.#addon.createTensor(shape, dtype, values);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#tape?.names.set(id, this.#tape.graph.constant({ dtype, shape, values: bytes.slice() }));
    return id;
  }

  #execute(name: string, attributes: readonly AddonAttribute[], inputs: readonly number[], outputs: number): Handle[] {
    const made = this.#addon.executeOp(name, attributes, inputs, outputs);
    if (this.#tape !== undefined) {
      const { graph, names } = this.#tape;
      const taken = inputs.map((id) => nameOf(names, id));
      const node = graph.operation(
        name,
        taken,
        attributes.map((attribute) => this.#attribute(attribute)),
      );
      for (const [at, { id }] of made.entries()) names.set(id, at === 0 ? node : `${node}:${at}`);
    }
    return made;
  }

  #read(id: number): unknown {
    if (this.#tape !== undefined) throw new RangeError('a pure function reads no values');
    return this.#addon.tensorDataSync(id);
  }

  #attribute({ name, type, value }: AddonAttribute): Attribute {
    const { TF_ATTR_STRING, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_TYPE } = this.#addon;
    const kinds = new Map<number, Attribute['kind']>([
      [TF_ATTR_STRING, 'string'],
      [TF_ATTR_INT, 'int'],
      [TF_ATTR_FLOAT, 'float'],
      [TF_ATTR_BOOL, 'bool'],
      [TF_ATTR_TYPE, 'type'],
    ]);
    return { name, value, kind: kinds.get(type) ?? 'other' };
  }
}

function nameOf(names: ReadonlyMap<number, string>, id: number): string {
  const name = names.get(id);
  if (name === undefined) throw new RangeError('a pure function uses no tensors but those that it is given');
  return name;
}
