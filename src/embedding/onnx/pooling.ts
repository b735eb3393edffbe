import { InputError } from '../../base/errors.ts';
import type { Modality } from '../../protocol.ts';
import type { TokenPooling } from './modelFolder.ts';

/** A tensor of float32 in C order, the items first. */
export interface Numbers {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Which output of a model holds its vectors, and what makes one of several for an item. */
export interface Choice {
  readonly output: string;
  /** Of a picture's tokens or regions, of the tokens of a text, of the frames of a sound; `none` for one vector. */
  readonly pooling: 'none' | TokenPooling;
  /** True for vectors in the space that the two sides of a model share. */
  readonly isShared: boolean;
}

/** Models whose two sides share a space even where the output is not named for it. */
const WITHOUT_PROJECTION = /^siglip/;
/** Their pooled output is the vector that they were trained for; that of others is an untrained by-product. */
const DUAL = /^(siglip|clip|chinese_clip|altclip|clap)/;

/**
 * The output to take: a projected one, else a pooled one where the model was trained with it, else its last hidden state,
 * from which the first token (pictures) or the mean (texts, sounds) is taken unless the model says otherwise.
 */
export function chooseOutput(
  outputs: readonly string[],
  modality: Modality,
  type: string,
  pooling: TokenPooling | undefined,
): Choice | undefined {
  const find = (...names: string[]): string | undefined => names.find((name) => outputs.includes(name));
  const projected = find(`${modality}_embeds`);
  if (projected !== undefined) return { output: projected, pooling: 'none', isShared: true };
  const sentence = find('sentence_embedding');
  if (sentence !== undefined) return { output: sentence, pooling: 'none', isShared: false };
  const pooled = modality !== 'text' || DUAL.test(type) ? find('pooler_output') : undefined;
  if (pooled !== undefined) return { output: pooled, pooling: 'none', isShared: WITHOUT_PROJECTION.test(type) };
  const hidden = find('last_hidden_state', 'token_embeddings');
  if (hidden === undefined) return undefined;
  return { output: hidden, pooling: pooling ?? (modality === 'image' ? 'first' : 'mean'), isShared: false };
}

/**
 * One vector for each item: items × dimensions numbers. Of a tensor items × tokens × dimensions the first token, or the
 * mean of the tokens that `weights` (items × tokens) counts, of all without it. Of items × channels × height × width,
 * the mean over the places. Throws {@link InputError} for any other shape.
 */
export function pool(
  { dims, data }: Numbers,
  pooling: Choice['pooling'],
  weights?: ArrayLike<number>,
): { dimensions: number; vectors: Float32Array } {
  const [items = 0, second = 0, third = 1, fourth = 1] = dims;
  if (dims.length === 2) return { dimensions: second, vectors: data };
  if (dims.length === 4) {
    const vectors = meanOfTokens(data, items * second, third * fourth, 1, undefined);
    return { dimensions: second, vectors };
  }
  if (dims.length !== 3)
    throw new InputError(`gives an output of the shape (${dims.join(', ')}), which holds no vectors`);
  if (pooling === 'mean') return { dimensions: third, vectors: meanOfTokens(data, items, second, third, weights) };
  const vectors = new Float32Array(items * third);
  for (let item = 0; item < items; item++) {
    vectors.set(data.subarray(item * second * third, item * second * third + third), item * third);
  }
  return { dimensions: third, vectors };
}

function meanOfTokens(
  data: Float32Array,
  items: number,
  tokens: number,
  dimensions: number,
  weights: ArrayLike<number> | undefined,
): Float32Array {
  const vectors = new Float32Array(items * dimensions);
  for (let item = 0; item < items; item++) {
    const vector = vectors.subarray(item * dimensions, (item + 1) * dimensions);
    let total = 0;
    for (let token = 0; token < tokens; token++) {
      const weight = weights === undefined ? 1 : (weights[item * tokens + token] ?? 0);
      if (weight === 0) continue;
      total += weight;
      const begin = (item * tokens + token) * dimensions;
      for (let d = 0; d < dimensions; d++) vector[d] = (vector[d] ?? 0) + weight * (data[begin + d] ?? 0);
    }
    for (let d = 0; d < dimensions; d++) vector[d] = (vector[d] ?? 0) / Math.max(1e-9, total);
  }
  return vectors;
}
