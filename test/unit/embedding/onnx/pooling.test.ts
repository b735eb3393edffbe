import { describe, expect, it } from 'vitest';
import { chooseOutput, pool } from '../../../../src/embedding/onnx/pooling.ts';

describe('chooseOutput', () => {
  it.each([
    ['image', 'clip', ['logits_per_image', 'text_embeds', 'image_embeds'], 'image_embeds', 'none', true],
    ['text', 'clip', ['last_hidden_state', 'pooler_output'], 'pooler_output', 'none', false],
    ['text', 'siglip', ['last_hidden_state', 'pooler_output'], 'pooler_output', 'none', true],
    ['audio', 'clap', ['audio_embeds'], 'audio_embeds', 'none', true],
    ['text', 'bert', ['last_hidden_state', 'pooler_output'], 'last_hidden_state', 'mean', false],
    ['text', 'bert', ['token_embeddings', 'sentence_embedding'], 'sentence_embedding', 'none', false],
    ['image', 'vit', ['last_hidden_state', 'pooler_output'], 'pooler_output', 'none', false],
    ['image', 'dinov2', ['last_hidden_state'], 'last_hidden_state', 'first', false],
    ['audio', 'whisper', ['last_hidden_state'], 'last_hidden_state', 'mean', false],
  ] as const)('of %s items of %s with %j is %s', (modality, type, outputs, output, pooling, isShared) => {
    expect(chooseOutput(outputs, modality, type, undefined)).toEqual({ output, pooling, isShared });
  });

  it('pools texts as sentence-transformers noted down', () => {
    expect(chooseOutput(['last_hidden_state'], 'text', 'bert', 'first')?.pooling).toBe('first');
  });

  it('is none where there are class scores only', () => {
    expect(chooseOutput(['logits'], 'image', 'vit', undefined)).toBeUndefined();
  });
});

describe('pool', () => {
  // Two items, three tokens, two dimensions.
  const tokens = { dims: [2, 3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60) };

  it('takes one vector for each item as it is', () => {
    const numbers = { dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
    expect(pool(numbers, 'none')).toEqual({ dimensions: 2, vectors: numbers.data });
  });

  it('takes the first token', () => {
    expect(pool(tokens, 'first')).toEqual({ dimensions: 2, vectors: Float32Array.of(1, 2, 10, 20) });
  });

  it('takes the mean of all tokens', () => {
    expect(pool(tokens, 'mean')).toEqual({ dimensions: 2, vectors: Float32Array.of(3, 4, 30, 40) });
  });

  it('takes the mean of the tokens that count', () => {
    const { vectors } = pool(tokens, 'mean', [1, 1, 0, 0, 0, 1]);
    expect(vectors).toEqual(Float32Array.of(2, 3, 50, 60));
  });

  it('takes the mean over the places of a picture', () => {
    const regions = { dims: [1, 2, 1, 3], data: Float32Array.of(1, 2, 6, 10, 20, 60) };
    expect(pool(regions, 'first')).toEqual({ dimensions: 2, vectors: Float32Array.of(3, 30) });
  });

  it('refuses any other shape', () => {
    expect(() => pool({ dims: [4], data: new Float32Array(4) }, 'none')).toThrow('of the shape (4)');
  });
});
