/** ONNX's numbers of the types of tensors. */
export const FLOAT = 1;
export const INT64 = 7;

/** A tensor that is part of a model. */
export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly floats?: readonly number[];
  readonly integers?: readonly number[];
}

export interface Operation {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers, or lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** An input or output; a text stands for a size that is not fixed. */
export interface Value {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly (number | string)[];
}

export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants?: readonly Constant[];
  readonly operations: readonly Operation[];
}

const IR_VERSION = 8;
const OPSET = 13;
const [INT_ATTRIBUTE, INTS_ATTRIBUTE] = [2, 7];

/**
 * A model as the bytes of an ONNX file, in Protocol Buffers; the numbers are those of the fields in onnx.proto3.
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
export function onnxOf({ inputs, outputs, constants = [], operations }: Graph): Buffer {
  const graph = Buffer.concat([
    ...operations.map((operation) => bytes(1, nodeOf(operation))),
    text(2, 'graph'),
    ...constants.map((constant) => bytes(5, tensorOf(constant))),
    ...inputs.map((value) => bytes(11, valueInfoOf(value))),
    ...outputs.map((value) => bytes(12, valueInfoOf(value))),
  ]);
  return Buffer.concat([integer(1, IR_VERSION), bytes(7, graph), bytes(8, integer(2, OPSET))]);
}

function nodeOf({ type, inputs, outputs, attributes = {} }: Operation): Buffer {
  const named = Object.entries(attributes).map(([name, value]) => {
    const isList = typeof value !== 'number';
    const numbers = isList ? value.map((one) => integer(8, one)) : [integer(3, value)];
    return bytes(5, Buffer.concat([text(1, name), ...numbers, integer(20, isList ? INTS_ATTRIBUTE : INT_ATTRIBUTE)]));
  });
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, type),
    ...named,
  ]);
}

function tensorOf({ name, dims, floats, integers = [] }: Constant): Buffer {
  const raw = floats === undefined ? BigInt64Array.from(integers, (value) => BigInt(value)) : Float32Array.from(floats);
  return Buffer.concat([
    ...dims.map((size) => integer(1, size)),
    integer(2, floats === undefined ? INT64 : FLOAT),
    text(8, name),
    bytes(9, Buffer.from(raw.buffer)),
  ]);
}

function valueInfoOf({ name, type, dims }: Value): Buffer {
  const sizes = dims.map((size) => bytes(1, typeof size === 'number' ? integer(1, size) : text(2, size)));
  const tensor = Buffer.concat([integer(1, type), bytes(2, Buffer.concat(sizes))]);
  return Buffer.concat([text(1, name), bytes(2, bytes(1, tensor))]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
}

/** Seven bits a byte, the lowest first; a negative number is one of 64 bits. */
function varint(value: number): Buffer {
  let left = BigInt.asUintN(64, BigInt(value));
  const groups: number[] = [];
  do {
    const group = Number(left & 0x7fn);
    left >>= 7n;
    groups.push(left === 0n ? group : group | 0x80);
  } while (left !== 0n);
  return Buffer.from(groups);
}
