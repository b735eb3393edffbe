import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode, PairLabError } from '../base/errors.ts';
import { readJson, writeJson } from '../base/files.ts';
import { putFolder } from '../embedding/setFolder.ts';
import type { TrainerState } from '../learning/trainer.ts';
import { CurvePoint, TransferMethod } from '../protocol.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { RunRecord } from './runFolder.ts';

/** `model.json`: beside the checkpoint at the end of the training, which run it was and how it went. */
const ModelRecord = z.object({ run: z.string(), curve: z.array(CurvePoint) });

/** A trained model of the source. */
export interface SourceModel extends z.infer<typeof ModelRecord> {
  readonly trainer: TrainerState;
}

const Pretrained = TransferMethod.exclude(['transfer-scratch']);
const NO_COST = { steps: 0, trainingSeconds: 0, testSeconds: 0, peakBytes: 0 };

/**
 * Where the source model of a run is kept for the others of its workspace: methods of the MoNA family train the same one, to
 * the bit, on the same items with the same settings, seed, backend and version. Nothing for a method that has none, or one
 * whose iterate is chosen by validation tasks that it solves in its own way.
 *
 * @param made names what trains: versions and device
 */
export function sourceModelFolder(workspace: string, { plan }: RunRecord, made: string): string | undefined {
  const { method, settings, ...data } = plan;
  if (!Pretrained.safeParse(method).success || settings.validationClasses > 0) return undefined;
  const { transfer, labelNoise: _labels, testTasks: _tasks, ...training } = settings;
  const decisive = JSON.stringify([made, data, training, transfer.batch]);
  return join(workspace, '.pairlab', 'models', createHash('sha256').update(decisive).digest('hex').slice(0, 16));
}

/** Nothing where there is none, or a damaged one: it is trained anew. */
export async function readSourceModel(folder: string): Promise<SourceModel | undefined> {
  try {
    const record = await readJson(join(folder, 'model.json'), ModelRecord);
    const checkpoint = record && (await readCheckpoint(folder));
    return checkpoint && { ...record, trainer: checkpoint.trainer };
  } catch (error) {
    if (error instanceof PairLabError || errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Several runs may keep the same one at once. */
export async function writeSourceModel(folder: string, { trainer, ...record }: SourceModel): Promise<void> {
  await putFolder(folder, async (aside) => {
    await writeCheckpoint(aside, { trainer, pending: [], tested: [], cost: NO_COST });
    await writeJson(join(aside, 'model.json'), record satisfies z.infer<typeof ModelRecord>);
  });
}
