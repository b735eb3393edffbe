import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import { exists, readJson } from '../../base/files.ts';
import { Method, Modality } from '../../protocol.ts';
import { inputKinds } from '../media/mediaEncoding.ts';

/** What one side of a network was trained on. */
export const NetworkSide = z.object({
  modality: Modality,
  /** Name and version of what turns items into the arrays that the network sees. */
  encoder: z.string(),
  /** Names the items that were encoded: `contents` of the snapshot's summary. */
  contents: z.string(),
  /** Of an item's array. */
  shape: z.array(z.int()),
});
export type NetworkSide = z.infer<typeof NetworkSide>;

/** `network/network.json` in a run's folder: what is to be known of the network to encode by it. */
export const RunNetwork = z.object({
  /** Id of the run. */
  run: z.string(),
  method: Method,
  /** True where training brought both modalities into one space. */
  aligns: z.boolean(),
  inputs: z.enum(inputKinds),
  source: NetworkSide,
  target: NetworkSide,
});
export type RunNetwork = z.infer<typeof RunNetwork>;

/** Where a run keeps the network that it trained. */
export function networkFiles(run: string) {
  return { record: join(run, 'network', 'network.json'), weights: join(run, 'network', 'weights.f32') };
}

export async function isRunFolder(path: string): Promise<boolean> {
  return await exists(join(path, 'run.json'));
}

/** @throws InputError when the run has no network that embeds both modalities. */
export async function readRunNetwork(run: string): Promise<RunNetwork> {
  const network = await readJson(networkFiles(run).record, RunNetwork);
  if (network !== undefined) return network;
  throw new InputError(
    `${run} holds no network that embeds both modalities. The run has not trained to its end and was not stopped either, ` +
      'or its method has none, as MoNA and the methods that it is compared with: choose a run of another method.',
  );
}
