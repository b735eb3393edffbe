import * as z from 'zod';
import type { NumberType } from '../base/numberType.ts';
import { bytesOf } from '../base/numberType.ts';
import { ContainerError } from './containerError.ts';
import type { RegularFile } from './source.ts';

/** An array of any shape in a file. */
export interface Tensor {
  /** Absent where a file holds only one. */
  readonly name?: string;
  /** Absent for a type that is not read. */
  readonly type?: NumberType;
  /** True when the most significant byte of a number comes first. */
  readonly isBigEndian?: boolean;
  /** The file's own word for the type. */
  readonly stored: string;
  readonly shape: readonly number[];
  /** Place of its first number in the file, in bytes. */
  readonly begin: number;
}

/** The reference implementation refuses longer headers, too. */
const MAX_HEADER = 100_000_000;
const Size = z.int().nonnegative();
const Span = z.tuple([Size, Size]);
const Entry = z
  .looseObject({ dtype: z.string(), shape: z.array(Size), data_offsets: Span.optional(), offsets: Span.optional() })
  .transform(({ dtype, shape, data_offsets: current, offsets: old }) => ({ dtype, shape, span: current ?? old }));
const Header = z.record(z.string(), z.unknown());

const TYPES: ReadonlyMap<string, NumberType> = new Map([
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['F32', 'float32'],
  ['F64', 'float64'],
  ['I8', 'int8'],
  ['U8', 'uint8'],
  ['I32', 'int32'],
  ['I64', 'int64'],
]);

/**
 * The tensors of a .safetensors file, from its header: a length of 64 bits, JSON, then the numbers. Every tensor must lie
 * within the file, have the length that its shape says and not overlap another. Throws {@link ContainerError}.
 * https://github.com/huggingface/safetensors#format
 */
export function readTensors(file: RegularFile): Tensor[] {
  const refuse = (fault: string): never => {
    throw new ContainerError('unreadable-media', file.path, `is damaged: ${fault}. Copy or save it again.`);
  };
  const prefix = file.readNow(0, 8);
  const length = prefix.length < 8 ? 0 : Number(prefix.readBigUInt64LE(0));
  if (length < 2 || length > MAX_HEADER || 8 + length > file.size) refuse('its header is not as long as it says');
  const begin = 8 + length;
  let end = 0;
  return entriesOf(file.readNow(8, length), refuse)
    .toSorted((a, b) => a.span[0] - b.span[0])
    .map(({ name, dtype, shape, span }) => {
      const type = TYPES.get(dtype);
      const count = shape.reduce((product, size) => product * size, 1);
      if (span[0] < end || span[1] < span[0]) refuse(`the tensor ${name} overlaps another one`);
      if (begin + span[1] > file.size) refuse(`the tensor ${name} ends behind the end of the file`);
      if (type && count * bytesOf(type) !== span[1] - span[0]) refuse(`the tensor ${name} is not as long as its shape`);
      end = span[1];
      return { name, ...(type && { type }), stored: dtype, shape, begin: begin + span[0] };
    });
}

function entriesOf(bytes: Buffer, refuse: (fault: string) => never) {
  let header: z.infer<typeof Header>;
  try {
    header = Header.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return refuse('its header is not JSON');
  }
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => {
      const entry = Entry.safeParse(value).data;
      if (entry?.span === undefined) return refuse(`its header does not say where the tensor ${name} lies`);
      return { name, dtype: entry.dtype, shape: entry.shape, span: entry.span };
    });
}
