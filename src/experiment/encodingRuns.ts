import { join } from 'node:path';
import { namesIn, readJson } from '../base/files.ts';
import type { Dataset } from '../dataset/config.ts';
import { networkFiles, RunNetwork } from '../embedding/runs/runNetwork.ts';
import type { EncodingRun } from '../protocol.ts';
import { fromRecordPath, readRecord, runsFolder } from './runFolder.ts';

/** The runs of a dataset that keep a network, by id. Cost: two small files a run. */
export async function encodingRunsOf({ workspace, path }: Dataset): Promise<EncodingRun[]> {
  const folder = runsFolder(workspace);
  const names = (await namesIn(folder)).toSorted();
  const found = await Promise.all(names.map((name) => encodingRun(join(folder, name), workspace, path)));
  return found.filter((run) => run !== undefined);
}

/** Nothing for a run of another dataset, or one that has no network or cannot be read. */
async function encodingRun(folder: string, workspace: string, dataset: string): Promise<EncodingRun | undefined> {
  const network = await readJson(networkFiles(folder).record, RunNetwork).catch(() => undefined);
  if (network === undefined) return undefined;
  const record = await readRecord(folder).catch(() => undefined);
  if (record === undefined || fromRecordPath(workspace, record.dataset) !== dataset) return undefined;
  const { run, method, source, target } = network;
  return { run, folder, method, source: source.modality, target: target.modality };
}
