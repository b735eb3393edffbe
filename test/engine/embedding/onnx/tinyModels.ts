import type { Files } from '../../dataset/place.ts';
import { FLOAT, INT64, type Operation, onnxOf } from './onnxOf.ts';

/** Numbers of each word: what {@link textModel} gives its token. */
export const WORDS: Readonly<Record<string, readonly [number, number]>> = {
  '[PAD]': [100, 100],
  '[UNK]': [0, 1],
  red: [1, 0],
  blue: [3, 2],
  circle: [5, -2],
};

/** A sentence encoder: the vector of a text is the mean of the numbers of its words. */
export function sentenceModel(): Files {
  return {
    'config.json': JSON.stringify({ model_type: 'bert', max_position_embeddings: 6 }),
    ...tokenizer(),
    'onnx/model.onnx': textModel('last_hidden_state', []),
  };
}

/** Two sides of one model, each with a projection. */
export function dualModel(): Files {
  return {
    ...pictureModel('onnx/vision_model.onnx', 'image_embeds'),
    'config.json': JSON.stringify({
      model_type: 'clip',
      text_config: { max_position_embeddings: 6 },
      vision_config: {},
    }),
    ...tokenizer(),
    'onnx/text_model.onnx': textModel('text_embeds', [
      { type: 'ReduceMean', inputs: ['tokens'], outputs: ['text_embeds'], attributes: { axes: [1], keepdims: 0 } },
    ]),
  };
}

/** Both modalities in one file, of which each is given to the other's output in vain. */
export function wholeModel(): Files {
  const rows = Object.values(WORDS);
  const onnx = onnxOf({
    inputs: [
      { name: 'input_ids', type: INT64, dims: ['items', 'tokens'] },
      { name: 'pixel_values', type: FLOAT, dims: ['pictures', 3, 4, 4] },
    ],
    outputs: [
      { name: 'text_embeds', type: FLOAT, dims: ['items', 2] },
      { name: 'image_embeds', type: FLOAT, dims: ['pictures', 3] },
    ],
    constants: [{ name: 'table', dims: [rows.length, 2], floats: rows.flat() }],
    operations: [
      { type: 'Gather', inputs: ['table', 'input_ids'], outputs: ['tokens'] },
      { type: 'ReduceMean', inputs: ['tokens'], outputs: ['text_embeds'], attributes: { axes: [1], keepdims: 0 } },
      {
        type: 'ReduceMean',
        inputs: ['pixel_values'],
        outputs: ['image_embeds'],
        attributes: { axes: [2, 3], keepdims: 0 },
      },
    ],
  });
  const config = { model_type: 'clip', text_config: { max_position_embeddings: 6 }, vision_config: { image_size: 4 } };
  return { 'config.json': JSON.stringify(config), ...tokenizer(), 'model.onnx': onnx };
}

/** A picture's mean red, green and blue, and red − green, of its middle 4 × 4 pixels. */
export function pictureModel(path = 'model.onnx', output = 'pooler_output'): Files {
  const onnx = onnxOf({
    inputs: [{ name: 'pixel_values', type: FLOAT, dims: ['items', 3, 4, 4] }],
    outputs: [{ name: output, type: FLOAT, dims: ['items', 4] }],
    constants: [{ name: 'map', dims: [3, 4], floats: [1, 0, 0, 1, 0, 1, 0, -1, 0, 0, 1, 0] }],
    operations: [
      { type: 'ReduceMean', inputs: ['pixel_values'], outputs: ['means'], attributes: { axes: [2, 3], keepdims: 0 } },
      { type: 'MatMul', inputs: ['means', 'map'], outputs: [output] },
    ],
  });
  const preprocessor = {
    image_processor_type: 'CLIPImageProcessor',
    do_resize: true,
    size: { shortest_edge: 4 },
    do_center_crop: true,
    crop_size: { height: 4, width: 4 },
    do_rescale: true,
    do_normalize: false,
    resample: 3,
  };
  return {
    'config.json': JSON.stringify({ model_type: 'vit' }),
    'preprocessor_config.json': JSON.stringify(preprocessor),
    [path]: onnx,
  };
}

/** Hears 16 samples at 8 kHz as frames of one number; the vector is the mean of a frame and its double. */
export function soundModel(): Files {
  const onnx = onnxOf({
    inputs: [{ name: 'input_values', type: FLOAT, dims: ['items', 'samples'] }],
    outputs: [{ name: 'last_hidden_state', type: FLOAT, dims: ['items', 'samples', 2] }],
    constants: [
      { name: 'axis', dims: [1], integers: [2] },
      { name: 'map', dims: [1, 2], floats: [1, 2] },
    ],
    operations: [
      { type: 'Unsqueeze', inputs: ['input_values', 'axis'], outputs: ['frames'] },
      { type: 'MatMul', inputs: ['frames', 'map'], outputs: ['last_hidden_state'] },
    ],
  });
  const extractor = { feature_extractor_type: 'Wav2Vec2FeatureExtractor', sampling_rate: 4000, do_normalize: false };
  return {
    'config.json': JSON.stringify({ model_type: 'wav2vec2' }),
    'preprocessor_config.json': JSON.stringify(extractor),
    'model.onnx': onnx,
  };
}

/** Gives what it hears: frames of 80 mel bands in decibels, of sounds that are filled up to two seconds. */
export function whisperModel(): Files {
  const onnx = onnxOf({
    inputs: [{ name: 'input_features', type: FLOAT, dims: ['items', 80, 200] }],
    outputs: [{ name: 'last_hidden_state', type: FLOAT, dims: ['items', 200, 80] }],
    operations: [
      {
        type: 'Transpose',
        inputs: ['input_features'],
        outputs: ['last_hidden_state'],
        attributes: { perm: [0, 2, 1] },
      },
    ],
  });
  const extractor = {
    feature_extractor_type: 'WhisperFeatureExtractor',
    feature_size: 80,
    sampling_rate: 16_000,
    hop_length: 160,
    chunk_length: 2,
    n_fft: 400,
    n_samples: 32_000,
    nb_max_frames: 200,
  };
  return {
    'config.json': JSON.stringify({ model_type: 'whisper' }),
    'preprocessor_config.json': JSON.stringify(extractor),
    'onnx/encoder_model.onnx': onnx,
  };
}

function textModel(output: string, more: readonly Operation[]): Buffer {
  const rows = Object.values(WORDS);
  const gathered = more.length === 0 ? output : 'tokens';
  return onnxOf({
    inputs: [{ name: 'input_ids', type: INT64, dims: ['items', 'tokens'] }],
    outputs: [{ name: output, type: FLOAT, dims: more.length === 0 ? ['items', 'tokens', 2] : ['items', 2] }],
    constants: [{ name: 'table', dims: [rows.length, 2], floats: rows.flat() }],
    operations: [{ type: 'Gather', inputs: ['table', 'input_ids'], outputs: [gathered] }, ...more],
  });
}

function tokenizer(): Files {
  const vocab = Object.fromEntries(Object.keys(WORDS).map((word, id) => [word, id]));
  const pad = {
    id: 0,
    content: '[PAD]',
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [pad, { ...pad, id: 1, content: '[UNK]' }],
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
  };
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    model_max_length: 1e30,
  };
  return { 'tokenizer.json': JSON.stringify(json), 'tokenizer_config.json': JSON.stringify(config) };
}
