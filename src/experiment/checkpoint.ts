import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { EnvironmentError, explainFileError } from '../base/errors.ts';
import { readJson, writeJson } from '../base/files.ts';
import type { IterationResult, TrainerState } from '../learning/trainer.ts';
import { Method } from '../protocol.ts';
import { Cost, TestResult } from './runFolder.ts';

/** Where each array lies in the file of weights, in floats. */
const Slice = z.object({ offset: z.int(), length: z.int() });

/** state.json: a trainer's state without its arrays, how far the test is, and the file that holds the arrays. */
const StoredState = z.object({
  file: z.string(),
  floats: z.int(),
  cost: Cost,
  trainer: z.object({
    method: Method,
    iteration: z.int(),
    random: z.tuple([z.int(), z.int(), z.int(), z.int()]),
    weights: Slice,
    best: z.object({ iteration: z.int(), accuracy: z.number(), weights: Slice }).optional(),
    adams: z.record(z.string(), z.object({ step: z.int(), first: Slice, second: Slice })),
    carried: Slice.optional(),
  }),
  pending: z.array(
    z.object({
      losses: z.record(z.string(), z.number()),
      validationAccuracy: z.number().exactOptional(),
    }),
  ),
  tested: z.array(TestResult),
  sourceModelOf: z.string().exactOptional(),
});

/** All that a killed run needs to go on to the same numbers. */
export interface Checkpoint {
  readonly trainer: TrainerState;
  /** Results of iterations that are not in a point of the learning curve yet. */
  readonly pending: readonly IterationResult[];
  /** What the test tasks gave that are done, from the first task on. */
  readonly tested: readonly TestResult[];
  /** So far. */
  readonly cost: Cost;
  /** The run that trained the source model, where it was another one. */
  readonly sourceModelOf?: string;
}

/**
 * Stores a checkpoint beside the last one, then lets state.json name it: a kill or a full disk at any moment leaves a
 * whole checkpoint, the new or the old.
 */
export async function writeCheckpoint(folder: string, { trainer, ...rest }: Checkpoint): Promise<void> {
  const arrays: Float32Array[] = [];
  let floats = 0;
  const slice = (array: Float32Array): z.infer<typeof Slice> => {
    arrays.push(array);
    const offset = floats;
    floats += array.length;
    return { offset, length: array.length };
  };
  const { weights, best, adams, carried, ...plain } = trainer;
  const stored = {
    ...plain,
    weights: slice(weights),
    ...(best && { best: { ...best, weights: slice(best.weights) } }),
    adams: mapValues(adams, ({ step, first, second }) => ({ step, first: slice(first), second: slice(second) })),
    ...(carried && { carried: slice(carried) }),
  };
  const file = `weights-${randomUUID()}.f32`;
  await mkdir(folder, { recursive: true });
  await writeArrays(join(folder, file), arrays);
  await writeJson(join(folder, 'state.json'), { ...rest, file, floats, trainer: stored });
  await removeOthers(folder, file);
}

/** The last whole checkpoint; `undefined` when there is none yet. */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const state = await readJson(join(folder, 'state.json'), StoredState);
  if (state === undefined) return undefined;
  const bytes = await readFile(join(folder, state.file));
  if (bytes.byteLength !== state.floats * 4) {
    throw new EnvironmentError(`The checkpoint in ${folder} is damaged. Delete that folder to train from the start.`);
  }
  const floats = new Float32Array(new Uint8Array(bytes).buffer);
  const array = ({ offset, length }: z.infer<typeof Slice>): Float32Array => floats.slice(offset, offset + length);
  const { weights, best, adams, carried, ...plain } = state.trainer;
  return {
    cost: state.cost,
    pending: state.pending,
    tested: state.tested,
    ...(state.sourceModelOf !== undefined && { sourceModelOf: state.sourceModelOf }),
    trainer: {
      ...plain,
      weights: array(weights),
      ...(best && { best: { ...best, weights: array(best.weights) } }),
      adams: mapValues(adams, ({ step, first, second }) => ({ step, first: array(first), second: array(second) })),
      ...(carried && { carried: array(carried) }),
    },
  };
}

/** Little-endian 32-bit floats, one array after the other. */
async function writeArrays(path: string, arrays: readonly Float32Array[]): Promise<void> {
  try {
    const file = await open(path, 'wx');
    try {
      for (const array of arrays) {
        await file.writeFile(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(path, { force: true });
    throw explainFileError(error, path);
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

async function removeOthers(folder: string, kept: string): Promise<void> {
  const names = await readdir(folder);
  const old = names.filter((name) => name.startsWith('weights-') && name !== kept);
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
}
