import * as z from 'zod';
import { Modality } from '../../protocol.ts';

/** What a model is given of an item. */
export const ModelMedia = z.discriminatedUnion('kind', [
  /** Row-major bytes of RGB. */
  z.object({
    kind: z.literal('picture'),
    width: z.number(),
    height: z.number(),
    rgb: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  /** Mono, in [−1, 1]; hertz. */
  z.object({
    kind: z.literal('sound'),
    samples: z.custom<Float32Array>((value) => value instanceof Float32Array),
    sampleRate: z.number(),
  }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  /** What the network of a run sees of it, row-major. */
  z.object({
    kind: z.literal('array'),
    values: z.custom<Float32Array>((value) => value instanceof Float32Array),
  }),
]);
export type ModelMedia = z.infer<typeof ModelMedia>;

/** What the process of a model is asked for: first to open the model, then to encode, one request at a time. */
export const ModelRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), folder: z.string(), modality: Modality }),
  z.object({ kind: z.literal('encode'), media: z.array(ModelMedia) }),
]);
export type ModelRequest = z.infer<typeof ModelRequest>;

const Opened = z.object({ kind: z.literal('opened'), isShared: z.boolean() });
const Vectors = z.object({
  kind: z.literal('vectors'),
  dimensions: z.int().positive(),
  /** Items × dimensions. */
  vectors: z.custom<Float32Array>((value) => value instanceof Float32Array),
});
/** Why it cannot be done: the fault of the model or its items, or of the machine. */
const Refused = z.object({ kind: z.enum(['unusable', 'refusal']), sentence: z.string() });

export const ModelAnswer = z.discriminatedUnion('kind', [Opened, Vectors, Refused]);
export type ModelAnswer = z.infer<typeof ModelAnswer>;
export type Vectors = z.infer<typeof Vectors>;
