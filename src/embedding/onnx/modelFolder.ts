import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import { exists } from '../../base/files.ts';
import type { Modality } from '../../protocol.ts';

const Side = z.looseObject({
  image_size: z.number().optional(),
  max_position_embeddings: z.number().optional(),
});

/** What is read of a model's config.json. */
export const ModelConfig = z.looseObject({
  model_type: z.string().default(''),
  max_position_embeddings: z.number().optional(),
  text_config: Side.optional(),
  vision_config: Side.optional(),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

/** Of sentence-transformers: `1_Pooling/config.json`. */
const PoolingConfig = z.looseObject({
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_mean_tokens: z.boolean().default(false),
});

/** How the vectors of tokens become one. */
export type TokenPooling = 'first' | 'mean';

/** The files of a model that one modality needs. */
export interface ModelFolder {
  readonly path: string;
  readonly config: ModelConfig;
  /** The ONNX file. */
  readonly onnx: string;
  /** Only where the model says so. */
  readonly pooling?: TokenPooling;
  /** All files that the vectors depend on. */
  readonly files: readonly string[];
}

/** Names of ONNX files, likeliest first: one side of a model, its encoder, all of it. */
const ONNX_FILES: Readonly<Record<Modality, readonly string[]>> = {
  image: ['vision_model', 'model'],
  audio: ['audio_model', 'encoder_model', 'model'],
  text: ['text_model', 'model', 'encoder_model'],
};
const PREPARING_FILES: Readonly<Record<Modality, readonly string[]>> = {
  image: ['preprocessor_config.json'],
  audio: ['preprocessor_config.json'],
  text: ['tokenizer.json', 'tokenizer_config.json'],
};

export async function isModelFolder(path: string): Promise<boolean> {
  return await exists(join(path, 'config.json'));
}

/**
 * The files of a folder in the layout of the Hugging Face Hub: `config.json`, what prepares the items, and an ONNX file
 * in float32, in the folder or in `onnx/` below it. Throws {@link InputError} that says which one is missing.
 */
export async function openModelFolder(path: string, modality: Modality): Promise<ModelFolder> {
  const config = await readConfig(join(path, 'config.json'), ModelConfig);
  const preparing = PREPARING_FILES[modality].map((name) => join(path, name));
  for (const file of preparing) {
    if (await exists(file)) continue;
    throw new InputError(
      `${path} has no ${basename(file)}, without which ${modality} items cannot be prepared for it. Copy it from where the model came from.`,
    );
  }
  const onnx = await findOnnx(path, modality);
  const poolingFile = join(path, '1_Pooling', 'config.json');
  const isPooled = modality === 'text' && (await exists(poolingFile));
  const files = [
    join(path, 'config.json'),
    ...preparing,
    ...(isPooled ? [poolingFile] : []),
    ...(await withData(onnx)),
  ];
  return { path, config, onnx, files, ...(isPooled && { pooling: await readPooling(poolingFile) }) };
}

async function findOnnx(path: string, modality: Modality): Promise<string> {
  const found: string[] = [];
  for (const folder of [join(path, 'onnx'), path]) {
    const names = (await exists(folder)) ? await readdir(folder) : [];
    for (const name of ONNX_FILES[modality]) {
      if (names.includes(`${name}.onnx`)) return join(folder, `${name}.onnx`);
    }
    found.push(...names.filter((name) => name.endsWith('.onnx')));
  }
  const wanted = ONNX_FILES[modality].map((name) => `${name}.onnx`).join(' or ');
  const there = found.length === 0 ? 'no ONNX file' : found.join(', ');
  throw new InputError(
    `${path} has no ${wanted} (float32) for ${modality} items, but ${there}. Export the model to ONNX.`,
  );
}

/** Large models keep their weights in files beside the ONNX file: `model.onnx_data`, `model.onnx.data`. */
async function withData(onnx: string): Promise<string[]> {
  const name = basename(onnx);
  const names = await readdir(dirname(onnx));
  const data = names.filter((other) => other.startsWith(`${name}_data`) || other === `${name}.data`).toSorted();
  return [onnx, ...data.map((other) => join(dirname(onnx), other))];
}

async function readPooling(path: string): Promise<TokenPooling> {
  const { pooling_mode_cls_token: first, pooling_mode_mean_tokens: mean } = await readConfig(path, PoolingConfig);
  if (first !== mean) return first ? 'first' : 'mean';
  throw new InputError(
    `${path} asks for a pooling other than the first token or the mean, which PairLab does not have.`,
  );
}

async function readConfig<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new InputError(`${path} is not the configuration of a model. Copy it from where the model came from.`, error);
  }
}
