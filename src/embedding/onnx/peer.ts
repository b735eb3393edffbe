import { createRequire } from 'node:module';
import * as z from 'zod';
import { EnvironmentError } from '../../base/errors.ts';

/** A tensor of the package, or of ONNX Runtime: numbers in C order. */
export const Tensor = z.object({
  type: z.string(),
  dims: z.array(z.number()),
  data: z.custom<Float32Array | BigInt64Array | Uint8Array>((value) => ArrayBuffer.isView(value)),
});
export type Tensor = z.infer<typeof Tensor>;

/** The fields of a tensor, which may be getters. */
export function fieldsOf(tensor: unknown): Record<string, unknown> {
  return pick(tensor, Object.keys(Tensor.shape));
}

type Call = (...values: unknown[]) => unknown;
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isLoader = (value: unknown): boolean =>
  typeof value === 'function' && 'from_pretrained' in value && isFunction(value.from_pretrained);
const Loader = z.custom<{ from_pretrained(folder: string): Promise<unknown> }>(isLoader);

const Transformers = z.object({
  env: z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null),
  AutoTokenizer: Loader,
  AutoImageProcessor: Loader,
  AutoFeatureExtractor: Loader,
  RawImage: z.custom<new (rgb: Uint8Array, width: number, height: number, channels: 3) => object>(isFunction),
});
type Transformers = z.infer<typeof Transformers>;

/** What turns items into the inputs of a model: a function with its configuration. */
export const Preparer = z.custom<Call & { readonly config?: unknown }>(isFunction);

const Session = z.custom<{
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, unknown>, outputs: readonly string[]): Promise<unknown>;
}>((value) => typeof value === 'object' && value !== null && 'run' in value && isFunction(value.run));
export type Session = z.infer<typeof Session>;

const Runtime = z.object({
  InferenceSession: z.custom<{ create(path: string, options: object): Promise<unknown> }>(
    (value) => typeof value === 'function' && 'create' in value && isFunction(value.create),
  ),
  Tensor: z.custom<new (type: string, data: Tensor['data'], dims: readonly number[]) => object>(isFunction),
});
export type Runtime = z.infer<typeof Runtime>;

/** The package that prepares items, and the runtime that it brings along. */
export interface Peer {
  readonly transformers: Transformers;
  readonly runtime: Runtime;
}

/** Loads `@huggingface/transformers` from its script, without a network. Throws {@link EnvironmentError}. */
export function loadPeer(script: string): Peer {
  try {
    const transformers = Transformers.parse(pick(createRequire(script)(script), Object.keys(Transformers.shape)));
    transformers.env['allowRemoteModels'] = false;
    transformers.env['fetch'] = () => Promise.reject(new Error('PairLab fetches nothing.'));
    const runtime = Runtime.parse(pick(createRequire(script)('onnxruntime-node'), Object.keys(Runtime.shape)));
    return { transformers, runtime };
  } catch (error) {
    const reason = reasonOf(error);
    throw new EnvironmentError(
      `${script} cannot be loaded (${reason}). Install @huggingface/transformers again.`,
      error,
    );
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'it lacks what version 4 has';
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

/** Reads properties that may be getters. */
function pick(owner: unknown, names: readonly string[]): Record<string, unknown> {
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) return {};
  return Object.fromEntries(names.map((name) => [name, Reflect.get(owner, name)]));
}

export async function openSession({ InferenceSession }: Runtime, onnx: string): Promise<Session> {
  return Session.parse(await InferenceSession.create(onnx, { executionProviders: ['cpu'] }));
}
