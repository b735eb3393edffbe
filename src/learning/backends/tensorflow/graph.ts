import { Message } from './protobuf.ts';

/** An attribute of an operation, as TensorFlow.js hands it to the addon. */
export interface Attribute {
  readonly name: string;
  readonly value: unknown;
  readonly kind: 'string' | 'int' | 'float' | 'bool' | 'type' | 'other';
}

/** What a tensor is made of: its type by TensorFlow's number, its shape, and its values byte by byte. */
export interface TensorContent {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** By which `loadSavedModel` finds the graph in its file. */
export const TAG = 'serve';

/** The version of graphs that TensorFlow 2.9, the oldest in use, writes; newer ones read it. */
const PRODUCER = 1087;

/**
 * A graph of TensorFlow under construction (tensorflow/core/framework/graph.proto and those that it imports). A node is
 * known by its name, an output of it by "name" or "name:1".
 */
export class Graph {
  readonly #nodes: Message[] = [];

  placeholder({ dtype, shape }: Omit<TensorContent, 'values'>): string {
    return this.#add('Placeholder', [], [typed('dtype', dtype), ['shape', new Message().bytes(7, shapeOf(shape))]]);
  }

  constant({ dtype, shape, values }: TensorContent): string {
    const tensor = new Message().whole(1, dtype).bytes(2, shapeOf(shape)).bytes(4, values);
    return this.#add('Const', [], [typed('dtype', dtype), ['value', new Message().bytes(8, tensor)]]);
  }

  /** @throws RangeError for an attribute of a kind that no operation in use has. */
  operation(name: string, inputs: readonly string[], attributes: readonly Attribute[]): string {
    return this.#add(
      name,
      inputs,
      attributes.map((attribute) => [attribute.name, fieldOf(attribute)]),
    );
  }

  /** The content of a `saved_model.pb` with this graph alone. */
  savedModel(): Uint8Array {
    const graph = new Message().each(1, this.#nodes).bytes(4, new Message().whole(1, PRODUCER));
    const meta = new Message().bytes(1, new Message().bytes(4, TAG)).bytes(2, graph);
    return new Message().whole(1, 1).bytes(2, meta).end();
  }

  #add(operation: string, inputs: readonly string[], attributes: readonly (readonly [string, Message])[]): string {
    const name = `n${this.#nodes.length}`;
    const entries = attributes.map(([key, value]) => new Message().bytes(1, key).bytes(2, value));
    this.#nodes.push(new Message().bytes(1, name).bytes(2, operation).each(3, inputs).each(5, entries));
    return name;
  }
}

const typed = (name: string, dtype: number) => [name, new Message().whole(6, dtype)] as const;

function shapeOf(shape: readonly number[]): Message {
  return new Message().each(
    2,
    shape.map((length) => new Message().whole(1, length)),
  );
}

/** As AttrValue holds it. */
function fieldOf({ name, kind, value }: Attribute): Message {
  if (typeof value === 'number') {
    if (kind === 'int') return new Message().whole(3, value);
    if (kind === 'float') return new Message().float(4, value);
    if (kind === 'type') return new Message().whole(6, value);
  }
  if (kind === 'bool' && typeof value === 'boolean') return new Message().whole(5, value);
  if (kind === 'string' && typeof value === 'string') return new Message().bytes(2, value);
  throw new RangeError(`no graph takes the attribute ${name}, a ${kind} that is ${String(value)}`);
}
