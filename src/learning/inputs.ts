import type * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/errors.ts';
import type { Inputs } from './data.ts';
import { type Numbers, tensorOf } from './numbers.ts';

/** Items that are read at once where all are looked at. */
const BLOCK = 256;
/** Tokens of the shortest sequences, a power of two. */
const SHORTEST = 4;

/** Inputs over an array in memory: rows × dimensions, row-major, such as a stored embedding set. */
export function vectorInputs(dimensions: number, vectors: Float32Array, classes: Int32Array): Inputs {
  const gather = (rows: readonly number[]): Float32Array => {
    const gathered = new Float32Array(rows.length * dimensions);
    for (const [i, row] of rows.entries()) {
      gathered.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
    }
    return gathered;
  };
  return { rows: classes.length, shape: [dimensions], classes, gather, read: async (rows) => gather(rows) };
}

/** The arrays of some rows: [rows.length, …shape], or fewer tokens where that is {@link cutToLongest}. */
export function inputTensor(inputs: Inputs, rows: readonly number[]): tf.Tensor {
  return tensorOf(itemsOf(inputs, rows, inputs.gather(rows)));
}

/** The same of a batch, not yet on a device; begins to read at once. */
export async function readItems(inputs: Inputs, rows: readonly number[]): Promise<Numbers> {
  return itemsOf(inputs, rows, await inputs.read(rows));
}

function itemsOf({ shape }: Inputs, rows: readonly number[], values: Float32Array): Numbers {
  const [length = 1, ...item] = shape;
  const size = item.reduce((product, own) => product * own, 1);
  return { values, shape: [rows.length, rows.length === 0 ? length : values.length / size / rows.length, ...item] };
}

/**
 * Sequences [tokens, width] of which some rows come as long as the longest of them, with what is padding in all of them cut
 * off: captions of five words are eight tokens then, and not all. Their number of tokens is {@link SHORTEST} or twice, four
 * times… as many, so that there are few different shapes. Other inputs stay as they are.
 */
export function cutToLongest<Own extends Inputs>(inputs: Own): Own {
  const [tokens = 1, width = 1] = inputs.shape;
  if (inputs.shape.length !== 2) return inputs;
  const cut = (rows: readonly number[], values: Float32Array): Float32Array => {
    const longest = rows.reduce(
      (most, _, row) => Math.max(most, lengthOf(values.subarray(row * tokens * width), tokens, width)),
      0,
    );
    let kept = SHORTEST;
    while (kept < longest) kept *= 2;
    if (kept >= tokens) return values;
    const shorter = new Float32Array(rows.length * kept * width);
    for (const row of rows.keys()) {
      const start = row * tokens * width;
      shorter.set(values.subarray(start, start + kept * width), row * kept * width);
    }
    return shorter;
  };
  return {
    ...inputs,
    gather: (rows) => cut(rows, inputs.gather(rows)),
    read: async (rows) => cut(rows, await inputs.read(rows)),
  };
}

/** Tokens up to the last one that is no padding. */
function lengthOf(values: Float32Array, tokens: number, width: number): number {
  let end = tokens * width;
  while (end > 0 && values[end - 1] === 0) end--;
  return Math.ceil(end / width);
}

/** What {@link normalise} does to an array. */
export interface Normalisation {
  /** For each place of the last axis. */
  readonly centre: readonly number[];
  readonly scale: number;
}

/** Inputs as networks see them, and how they became so. */
export interface NormalisedInputs extends Inputs {
  readonly normalisation: Normalisation;
}

/**
 * Moves the mean of the given rows to 0 and scales all dimensions alike, so that the mean square over those rows is 1.
 * They are the items of the meta-training classes, so nothing about the test classes enters. The mean is taken for each
 * place of the last axis, so tokens share theirs; padding does not count and stays 0. Dimensions are not scaled one by
 * one: encoders order them by what they tell, and few-shot learning drowns in the noise of the last ones when all weigh
 * the same (5-shot accuracy on spoken digits falls by 10 points).
 */
export function normalise(inputs: Inputs, rows: readonly number[]): NormalisedInputs {
  const width = inputs.shape.at(-1) ?? 1;
  const sums = new Float64Array(width);
  let tokens = 0;
  for (const token of tokensOf(inputs, blocks(inputs, rows))) {
    tokens++;
    for (const [at, value] of token.entries()) sums[at] = (sums[at] ?? 0) + value;
  }
  const centre = Array.from(sums, (sum) => sum / tokens);
  let squares = 0;
  for (const token of tokensOf(inputs, blocks(inputs, rows))) {
    for (const [at, value] of token.entries()) squares += (value - (centre[at] ?? 0)) ** 2;
  }
  const deviation = Math.sqrt(squares / (tokens * width));
  return normalisedBy(inputs, { centre, scale: deviation > 0 ? 1 / deviation : 0 });
}

/** Inputs that are normalised as others were. */
export function normalisedBy(inputs: Inputs, normalisation: Normalisation): NormalisedInputs {
  const { centre, scale } = normalisation;
  const width = centre.length;
  // Plain loops: all that a network over media sees passes through them, on the thread that feeds the device.
  const normalised = (values: Float32Array): Float32Array => {
    for (let start = 0; start < values.length; start += width) {
      if (isPadding(inputs, values, start)) continue;
      for (let at = 0; at < width; at++) values[start + at] = ((values[start + at] ?? 0) - (centre[at] ?? 0)) * scale;
    }
    return values;
  };
  return {
    ...inputs,
    normalisation,
    gather: (wanted) => normalised(inputs.gather(wanted)),
    read: async (wanted) => normalised(await inputs.read(wanted)),
  };
}

/** @throws InputError for an array that holds NaN or an infinity. */
export function requireFinite(inputs: Inputs, name: 'source' | 'target'): void {
  const size = inputs.shape.reduce((product, length) => product * length, 1);
  let before = 0;
  for (const block of blocks(inputs, [...inputs.classes.keys()])) {
    const bad = block.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new InputError(
        `The ${name} vector in row ${before + Math.floor(bad / size)} holds ${block[bad]}. ` +
          'Encode the dataset again; if the vectors were imported, repair or leave out this item.',
      );
    }
    before += BLOCK;
  }
}

function* blocks(inputs: Inputs, rows: readonly number[]): Generator<Float32Array> {
  for (let start = 0; start < rows.length; start += BLOCK) yield inputs.gather(rows.slice(start, start + BLOCK));
}

/** Views of the tokens in some blocks but for padding; an item that is one vector is one token, and never padding. */
function* tokensOf({ shape }: Inputs, blocksOfItems: Iterable<Float32Array>): Generator<Float32Array> {
  const width = shape.at(-1) ?? 1;
  for (const block of blocksOfItems) {
    for (let start = 0; start < block.length; start += width) {
      if (!isPadding({ shape }, block, start)) yield block.subarray(start, start + width);
    }
  }
}

/** Whether the token that begins somewhere is zero all over. */
function isPadding({ shape }: Pick<Inputs, 'shape'>, values: Float32Array, start: number): boolean {
  if (shape.length === 1) return false;
  const end = start + (shape.at(-1) ?? 1);
  for (let at = start; at < end; at++) if (values[at] !== 0) return false;
  return true;
}
