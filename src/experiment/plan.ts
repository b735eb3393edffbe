import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../base/errors.ts';
import { type Dataset, loadDataset } from '../dataset/config.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import { encoderOf } from '../embedding/encodeSnapshot.ts';
import { mediaEncodingOf } from '../embedding/media/readMedia.ts';
import type { Method, Modality } from '../protocol.ts';
import { type Experiment, settingsOf } from './config.ts';
import { type Cell, cellsOf, trainedCell } from './grid.ts';
import { RunPlan, type RunRecord, runsFolder, toRecordPath } from './runFolder.ts';
import { Snapshots } from './snapshots.ts';

/** The grid of an experiment over the newest snapshot of its dataset: a record and a folder for each run. */
export interface Plan {
  readonly experiment: Experiment;
  readonly dataset: Dataset;
  readonly snapshots: Snapshots;
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
  const { sourceDataset } = experiment;
  const source = sourceDataset === undefined ? undefined : await loadDataset(sourceDataset);
  const snapshots = await Snapshots.open(dataset, source);
  if (!snapshots.areApart) refuseWithoutPairs(experiment, dataset, snapshots.target);
  const encoders = {
    source: await versionOf(snapshots.source, config.source, config),
    target: await versionOf(snapshots.target, config.target, config),
  };
  const records = new Map<string, RunRecord>();
  const cells = cellsOf(config, method === undefined ? config.methods : [method]).map((cell) => {
    const record = recordOf(experiment, snapshots, trainedCell(cell), encoders);
    if (!records.has(record.id)) records.set(record.id, record);
    return { cell, folder: folderOf(dataset, record) };
  });
  const planned = [...records.values()];
  const folders = planned.map((record) => folderOf(dataset, record));
  return { experiment, dataset, snapshots, records: planned, folders, cells };
}

function recordOf(
  { name, path, config }: Experiment,
  snapshots: Snapshots,
  cell: Cell,
  encoders: RunPlan['encoders'],
): RunRecord {
  const { workspace, path: dataset } = snapshots.target.dataset;
  const { method, seed, pairNoise, pairsPerClass } = cell;
  const { source, target, inputs, backend } = config;
  const plan = RunPlan.parse({
    ...{ method, source, target, ...dataOf(snapshots), inputs, encoders, backend },
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
    ...(snapshots.areApart && { sourceDataset: toRecordPath(workspace, snapshots.source.dataset.path) }),
    created: new Date().toISOString(),
    plan,
  };
}

/** What runs were planned on: another index of the same data has the same. */
export function dataOf(snapshots: Snapshots): Pick<RunPlan, 'data' | 'sourceData'> {
  const { source, target, areApart } = snapshots;
  return { data: target.summary.data, ...(areApart && { sourceData: source.summary.data }) };
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
    inputs === 'embeddings'
      ? await encoderOf(snapshot, modality, { encoder: modality === 'text' ? undefined : encoders[modality] })
      : await mediaEncodingOf(snapshot, modality, inputs);
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
