import * as z from 'zod';
import type { Modality } from '../../protocol.ts';
import type { ModelMedia } from '../models/messages.ts';
import type { ModelConfig, ModelFolder } from './modelFolder.ts';
import { fieldsOf, type Peer, Preparer, Tensor } from './peer.ts';
import { resample } from './resample.ts';

/** The inputs of a model for some items. */
export interface Prepared {
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Of a sound, the share of what the model is given that is not padding. */
  readonly filled?: number;
}

/** Prepares items as the model's own configuration says. */
export interface Preparation {
  /** So many items are prepared and encoded together. */
  readonly together: number;
  prepare(media: readonly ModelMedia[]): Promise<Prepared>;
}

/** Of a long text the beginning is read. */
const MAX_CHARACTERS = 20_000;
/** Tokens of the longest text, for a model that does not say. */
const MAX_TOKENS = 512;
/** Of a longer sound the beginning is heard, unless the model says how long its sounds are. */
const MAX_SECONDS = 30;

export async function preparationFor(modality: Modality, folder: ModelFolder, peer: Peer): Promise<Preparation> {
  switch (modality) {
    case 'image':
      return await forPictures(folder, peer);
    case 'audio':
      return await forSounds(folder, peer);
    case 'text':
      return await forTexts(folder, peer);
  }
}

async function forPictures({ path }: ModelFolder, { transformers }: Peer): Promise<Preparation> {
  const processor = Preparer.parse(await transformers.AutoImageProcessor.from_pretrained(path));
  return {
    together: 8,
    async prepare(media) {
      const pictures = media.flatMap((one) =>
        one.kind === 'picture' ? [new transformers.RawImage(one.rgb, one.width, one.height, 3)] : [],
      );
      return { inputs: tensorsIn(await processor(pictures)) };
    },
  };
}

async function forTexts({ path, config }: ModelFolder, { transformers }: Peer): Promise<Preparation> {
  const tokenizer = Preparer.parse(await transformers.AutoTokenizer.from_pretrained(path));
  const limit = tokenLimit(tokenizer, config);
  // SigLIP was trained on texts of one length.
  const padding = config.model_type.startsWith('siglip') ? 'max_length' : true;
  return {
    together: 32,
    async prepare(media) {
      const texts = media.flatMap((one) => (one.kind === 'text' ? [one.text.slice(0, MAX_CHARACTERS)] : []));
      return { inputs: tensorsIn(await tokenizer(texts, { padding, truncation: true, max_length: limit })) };
    },
  };
}

const Tokenizer = z.object({ model_max_length: z.number() });

/** What the tokenizer says, which may be an absurdly large number, and what the model has positions for. */
function tokenLimit(tokenizer: unknown, config: ModelConfig): number {
  const said = Tokenizer.safeParse({ model_max_length: Reflect.get(Object(tokenizer), 'model_max_length') }).data;
  const positions = config.text_config?.max_position_embeddings ?? config.max_position_embeddings ?? MAX_TOKENS;
  return Math.min(said?.model_max_length ?? positions, positions);
}

const Extractor = z.looseObject({
  sampling_rate: z.number().default(16_000),
  /** Seconds that a sound is cut to or filled up to. */
  chunk_length: z.number().optional(),
  max_length_s: z.number().optional(),
});

async function forSounds({ path }: ModelFolder, { transformers }: Peer): Promise<Preparation> {
  const extractor = Preparer.parse(await transformers.AutoFeatureExtractor.from_pretrained(path));
  const { sampling_rate: rate, chunk_length: chunk, max_length_s: most } = Extractor.parse(extractor.config ?? {});
  const seconds = most ?? chunk ?? MAX_SECONDS;
  return {
    together: 1,
    async prepare([sound]) {
      if (sound?.kind !== 'sound') return { inputs: {} };
      // Cut here, because some extractors would cut at random.
      const heard = sound.samples.subarray(0, Math.ceil(seconds * sound.sampleRate));
      const samples = resample(heard, sound.sampleRate, rate).subarray(0, Math.floor(seconds * rate));
      const filled = chunk === undefined ? 1 : samples.length / (chunk * rate);
      return { inputs: tensorsIn(await extractor(samples)), filled };
    },
  };
}

/** What a preparer gave, without what is no tensor. */
function tensorsIn(given: unknown): Prepared['inputs'] {
  const tensors = Object.entries(Object(given)).flatMap(([name, value]) => {
    const { data: tensor } = Tensor.safeParse(fieldsOf(value));
    return tensor === undefined ? [] : [[name, tensor] as const];
  });
  return Object.fromEntries(tensors);
}
