import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../base/errors.ts';
import { type Dataset, loadDataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { encoderOf } from '../embedding/encodeSnapshot.ts';
import { mediaEncodingOf } from '../embedding/media/readMedia.ts';
import type { Method, Modality } from '../protocol.ts';
import { type Experiment, settingsOf } from './config.ts';
import { type Cell, cellsOf, trainedCell } from './grid.ts';
import { RunPlan, type RunRecord, runsFolder, toRecordPath } from './runFolder.ts';

/** The grid of an experiment over the newest snapshot of its dataset: a record and a folder for each run. */
export interface Plan {
  readonly experiment: Experiment;
  readonly dataset: Dataset;
  readonly snapshot: Snapshot;
  readonly records: readonly RunRecord[];
  /** In the order of the records. */
  readonly folders: readonly string[];
  /** Every cell of the grid with the folder of its run, which several cells may share. */
  readonly cells: readonly { readonly cell: Cell; readonly folder: string }[];
}

/**
 * Plans one run per cell of the grid. The id holds a digest of everything that decides the numbers, so that the same
 * cell finds its finished run again and a changed setting makes a new one.
 *
 * @throws InputError when the dataset is missing, not indexed, or has no pairs of the two modalities.
 */
export async function planRuns(experiment: Experiment, method?: Method): Promise<Plan> {
  const { path, config } = experiment;
  if (method !== undefined && !config.methods.includes(method)) {
    throw new InputError(`${path} does not compare ${method}. Its methods: ${config.methods.join(', ')}.`);
  }
  const dataset = await loadDataset(experiment.dataset);
  const snapshot = await Snapshot.open(dataset);
  refuseWithoutPairs(experiment, dataset, snapshot);
  const encoders = {
    source: await versionOf(snapshot, config.source, config),
    target: await versionOf(snapshot, config.target, config),
  };
  const { data } = snapshot.summary;
  const records = new Map<string, RunRecord>();
  const cells = cellsOf(config, method === undefined ? config.methods : [method]).map((cell) => {
    const record = recordOf(experiment, dataset, trainedCell(cell), { data, encoders });
    if (!records.has(record.id)) records.set(record.id, record);
    return { cell, folder: folderOf(dataset, record) };
  });
  const planned = [...records.values()];
  const folders = planned.map((record) => folderOf(dataset, record));
  return { experiment, dataset, snapshot, records: planned, folders, cells };
}

function recordOf(
  { name, path, config }: Experiment,
  { workspace, path: dataset }: Dataset,
  cell: Cell,
  material: Pick<RunPlan, 'data' | 'encoders'>,
): RunRecord {
  const { method, seed, pairNoise, pairsPerClass } = cell;
  const { source, target, inputs, backend } = config;
  const plan = RunPlan.parse({
    ...{ method, source, target, inputs, ...material, backend },
    settings: settingsOf(config, cell),
  });
  const parts = [
    ...[slug(name), method, `seed${seed}`],
    ...(pairNoise > 0 ? [`noise${pairNoise}`] : []),
    ...(pairsPerClass === undefined ? [] : [`pairs${pairsPerClass}`]),
    digest(plan),
  ];
  return {
    id: parts.join('-'),
    name,
    experiment: toRecordPath(workspace, path),
    dataset: toRecordPath(workspace, dataset),
    created: new Date().toISOString(),
    plan,
  };
}

function folderOf({ workspace }: Dataset, { id }: RunRecord): string {
  return join(runsFolder(workspace), id);
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

async function versionOf(
  snapshot: Snapshot,
  modality: Modality,
  { inputs, encoders }: Experiment['config'],
): Promise<string> {
  const { name, version } =
    inputs === 'media'
      ? await mediaEncodingOf(snapshot, modality)
      : await encoderOf(snapshot, modality, { encoder: modality === 'text' ? undefined : encoders[modality] });
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
