import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { EnvironmentError } from '../base/errors.ts';
import { readJson, writeAtomically, writeJson } from '../base/files.ts';
import { NetworkSide, networkFiles, RunNetwork } from '../embedding/runs/runNetwork.ts';
import type { TrainedSide } from '../learning/encoder.ts';
import type { Episodes } from '../learning/episodes.ts';
import type { Side } from '../learning/galleries.ts';
import type { LearningMethod } from '../learning/methods/method.ts';
import { NETWORKS } from '../learning/networks/encoders.ts';
import type { WeightVector } from '../learning/networks/layout.ts';
import type { RunRecord } from './runFolder.ts';

const StoredSide = NetworkSide.extend({
  normalisation: z.object({ centre: z.array(z.number()), scale: z.number() }),
}) satisfies z.ZodType<TrainedSide>;

/** All of `network.json`: with what it takes to open the network. */
const StoredNetwork = RunNetwork.extend({
  network: z.enum(NETWORKS),
  ways: z.int(),
  source: StoredSide,
  target: StoredSide,
});
type StoredNetwork = z.infer<typeof StoredNetwork>;

/** What a run's network was trained on: the names of the items of both sides (`contents` of the snapshot's summary). */
export type TrainedContents = Readonly<Record<Side, string>>;

/** What a training has come to. */
interface Trained {
  readonly episodes: Episodes;
  readonly contents: TrainedContents;
  readonly weights: WeightVector;
}

/** Keeps a network as an encoder; nothing where the method embeds nothing. */
export async function writeNetwork(
  folder: string,
  { id, plan }: RunRecord,
  { embed, aligns = false }: LearningMethod,
  { episodes, contents, weights }: Trained,
): Promise<void> {
  if (embed === undefined) return;
  const side = (name: Side): StoredNetwork['source'] => {
    const { shape, normalisation } = episodes[name];
    return {
      ...{ modality: plan[name], encoder: plan.encoders[name], contents: contents[name], shape: [...shape] },
      normalisation: { centre: [...normalisation.centre], scale: normalisation.scale },
    };
  };
  const { network, ways } = plan.settings;
  const { record, weights: file } = networkFiles(folder);
  await writeAtomically(file, new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
  await writeJson(record, {
    ...{ run: id, method: plan.method, aligns, inputs: plan.inputs, network, ways },
    source: side('source'),
    target: side('target'),
  } satisfies StoredNetwork);
}

/** @throws EnvironmentError when there is none, or it is damaged. */
export async function readNetwork(folder: string): Promise<{ network: StoredNetwork; weights: WeightVector }> {
  const { record, weights: file } = networkFiles(folder);
  const network = await readJson(record, StoredNetwork);
  if (network === undefined) throw new EnvironmentError(`${record} is gone. Run the experiment again.`);
  const bytes = await readFile(file);
  return { network, weights: new Float32Array(new Uint8Array(bytes).buffer) };
}
