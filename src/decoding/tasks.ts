import * as z from 'zod';
import { Location } from '../container/location.ts';
import { Modality, ProblemKind } from '../protocol.ts';
import { type Content, Fault } from './contents.ts';

/** What a decoder is asked for. Tasks are answered one by one, in their order. */
export const Task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), location: Location, size: z.int().positive() }),
  z.object({ kind: z.literal('picture'), location: Location, pixels: z.int().positive() }),
  z.object({ kind: z.literal('sound'), location: Location }),
  z.object({ kind: z.literal('waveform'), location: Location, parts: z.int().positive() }),
  z.object({ kind: z.literal('text'), location: Location }),
  z.object({ kind: z.literal('bytes'), location: Location, limit: z.int().positive() }),
  z.object({ kind: z.literal('features'), location: Location, modality: Modality }),
  /** Texts that stand in the table at the location. */
  z.object({ kind: z.literal('textFeatures'), location: Location, texts: z.array(z.string()) }),
]);
export type Task = z.infer<typeof Task>;

/** What a decoder says; `grown` is how many bytes of memory the process holds now. */
export const Answer = z.discriminatedUnion('kind', [
  /** First of all: its libraries are loaded. */
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('value'), value: z.unknown(), grown: z.number() }),
  z.object({ kind: z.literal('fault'), ...Fault.shape, grown: z.number() }),
  /** The machine refused: no fault of the item. */
  z.object({ kind: z.literal('refusal'), sentence: z.string(), grown: z.number() }),
]);
export type Answer = z.infer<typeof Answer>;

const Header = z.object({
  format: z.string().exactOptional(),
  width: z.number().exactOptional(),
  height: z.number().exactOptional(),
  channels: z.number().exactOptional(),
  sampleRate: z.number().exactOptional(),
  seconds: z.number().exactOptional(),
  characters: z.number().exactOptional(),
});

const Features = z.object({
  decodedHash: z.string(),
  signature: z.string().exactOptional(),
  bands: z.array(z.string()).exactOptional(),
  spread: z.number().exactOptional(),
  peak: z.number().exactOptional(),
  clipped: z.number().exactOptional(),
  silent: z.number().exactOptional(),
  language: z.string().exactOptional(),
});

/** The values of the answers, by the kind of task. */
export const VALUES = {
  image: z.instanceof(Uint8Array),
  picture: z.object({ width: z.number(), height: z.number(), rgb: z.instanceof(Uint8Array) }),
  sound: z.object({
    sampleRate: z.number(),
    samples: z.instanceof(Float32Array),
    channels: z.array(z.instanceof(Float32Array)),
  }),
  waveform: z.array(z.tuple([z.number(), z.number()])),
  text: z.string(),
  bytes: z.instanceof(Uint8Array),
  features: z.object({
    bytes: z.number(),
    sha256: z.string().exactOptional(),
    header: Header,
    features: Features.exactOptional(),
    problem: ProblemKind.exactOptional(),
    fault: z.string().exactOptional(),
  }) satisfies z.ZodType<Content>,
  textFeatures: z.array(Features),
};
