import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../base/errors.ts';
import { type Dataset, loadDataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { encoderOf } from '../embedding/encodeSnapshot.ts';
import { mediaEncodingOf } from '../embedding/media/readMedia.ts';
import type { Method, Modality } from '../protocol.ts';
import { type Experiment, settingsOf } from './config.ts';
import { RunPlan, type RunRecord, runsFolder, toRecordPath } from './runFolder.ts';

/** The grid of an experiment over the newest snapshot of its dataset: a record and a folder for each run. */
export interface Plan {
  readonly experiment: Experiment;
  readonly dataset: Dataset;
  readonly snapshot: Snapshot;
  readonly records: readonly RunRecord[];
  /** In the order of the records. */
  readonly folders: readonly string[];
}

/**
 * Plans one run per method and seed. The id holds a digest of everything that decides the numbers, so that the same
 * cell finds its finished run again and a changed setting makes a new one.
 *
 * @throws InputError when the dataset is missing, not indexed, or has no pairs of the two modalities.
 */
export async function planRuns(experiment: Experiment, method?: Method): Promise<Plan> {
  const { name, path, config } = experiment;
  if (method !== undefined && !config.methods.includes(method)) {
    throw new InputError(`${path} does not compare ${method}. Its methods: ${config.methods.join(', ')}.`);
  }
  const dataset = await loadDataset(experiment.dataset);
  const snapshot = await Snapshot.open(dataset);
  refuseWithoutPairs(experiment, dataset, snapshot);
  const encoders = {
    source: await versionOf(snapshot, config.source, config.inputs),
    target: await versionOf(snapshot, config.target, config.inputs),
  };
  const created = new Date().toISOString();
  const records = (method === undefined ? config.methods : [method]).flatMap((cellMethod) =>
    config.seeds.map((seed): RunRecord => {
      const plan = RunPlan.parse({
        method: cellMethod,
        source: config.source,
        target: config.target,
        data: snapshot.summary.data,
        inputs: config.inputs,
        encoders,
        backend: config.backend,
        settings: settingsOf(config, seed),
      });
      return {
        id: `${slug(name)}-${cellMethod}-seed${seed}-${digest(plan)}`,
        name,
        experiment: toRecordPath(dataset.workspace, path),
        dataset: toRecordPath(dataset.workspace, dataset.path),
        created,
        plan,
      };
    }),
  );
  const folders = records.map(({ id }) => join(runsFolder(dataset.workspace), id));
  return { experiment, dataset, snapshot, records, folders };
}

/** A name as part of a file name, on every system. */
export function slug(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}_.]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return plain.slice(0, 60) || 'experiment';
}

/** Eight hexadecimal digits; the fields of a parsed plan always come in the order of its schema. */
function digest(plan: RunPlan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 8);
}

async function versionOf(snapshot: Snapshot, modality: Modality, inputs: RunPlan['inputs']): Promise<string> {
  const { name, version } = await (inputs === 'media' ? mediaEncodingOf : encoderOf)(snapshot, modality);
  return `${name} ${version}`;
}

function refuseWithoutPairs({ path, config }: Experiment, dataset: Dataset, { summary }: Snapshot): void {
  const wanted = [config.source, config.target];
  if (summary.pairs.some(({ first, second }) => wanted.includes(first) && wanted.includes(second))) return;
  const there = summary.pairs.map(({ first, second, count }) => `${count} ${first}–${second}`).join(', ');
  throw new InputError(
    `${path} asks for source ${config.source} and target ${config.target}, but ${dataset.path} has no such pairs. ` +
      (there === '' ? 'It has no pairs at all: look at its problems with `pairlab index`.' : `It has ${there}.`),
  );
}
