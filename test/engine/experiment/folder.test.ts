import { execFileSync, spawn } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError, InputError } from '../../../src/base/errors.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../../src/experiment/checkpoint.ts';
import { EventLog, readHistory } from '../../../src/experiment/events.ts';
import { claim, readOwner } from '../../../src/experiment/owner.ts';
import { isAlive, signalGroup, startTimeOf, thisProcess } from '../../../src/experiment/processes.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairlab run '));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a process', () => {
  it('is told from another one with the same number by its start time', async () => {
    const self = await thisProcess();
    expect(await isAlive(self)).toBe(true);
    expect(await isAlive({ ...self, started: 'at another time' })).toBe(false);
    expect(await isAlive({ ...self, host: 'elsewhere' })).toBeUndefined();
    expect(await signalGroup({ ...self, started: 'at another time' }, 'SIGKILL')).toBe(false);
  });

  it('is dead once it was killed, also while its parent has not asked for its end', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    const ended = new Promise((end) => child.once('exit', end));
    const pid = child.pid ?? 0;
    const started = await startTimeOf(pid);
    const identity = { ...(await thisProcess()), pid, started: started ?? '' };
    expect(await isAlive(identity)).toBe(true);
    expect(await signalGroup(identity, 'SIGKILL')).toBe(true);
    await ended;
    expect(await isAlive(identity)).toBe(false);
    expect(await signalGroup(identity, 'SIGKILL')).toBe(false);
  });
});

describe('a claim', () => {
  const path = () => join(folder, 'owner.json');

  it('keeps others out until it is released', async () => {
    const first = await claim(path(), 'The run x');
    await expect(claim(path(), 'The run x')).rejects.toThrow(InputError);
    await expect(claim(path(), 'The run x')).rejects.toThrow(`already running (process ${process.pid})`);
    await first.release();
    await (await claim(path(), 'The run x')).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['of a dead process', async () => JSON.stringify({ ...(await thisProcess()), started: 'long ago', token: 'old' })],
    ['that was left half written', async () => '{"pid":'],
  ])('%s is taken over', async (_what, content) => {
    await writeFile(path(), await content());
    const taken = await claim(path(), 'The run x');
    expect((await readOwner(path()))?.token).toBe(taken.owner.token);
    expect(await readdir(folder)).toEqual(['owner.json']);
  });

  it('is given to one only of many who ask at once, also when a dead process held it', async () => {
    await writeFile(path(), JSON.stringify({ ...(await thisProcess()), started: 'long ago', token: 'old' }));
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => claim(path(), 'The run x')));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['owner.json']);
  });
});

describe('the events of a run', () => {
  it('skip a half written line and go on after it; work that was done twice counts once', async () => {
    const path = join(folder, 'events.jsonl');
    const before = await EventLog.open(path);
    await before.append({ event: 'point', point: { iteration: 2, losses: { alignment: 0.5 } } });
    await before.append({ event: 'point', point: { iteration: 1, losses: { alignment: 0.7 } } });
    await before.close();
    await appendFile(path, '{"event":"po');
    const after = await EventLog.open(path);
    await after.append({ event: 'point', point: { iteration: 2, losses: { alignment: 0.5 } } });
    await after.append({ event: 'result', result: { shots: 1, accuracy: 0.5, tasks: 3 } });
    await after.close();
    const { curve, results } = await readHistory(path);
    expect(curve.map(({ iteration }) => iteration)).toEqual([1, 2]);
    expect(results).toEqual([{ shots: 1, accuracy: 0.5, tasks: 3 }]);
  });
});

const checkpoint = (iteration: number, size = 3): Checkpoint => ({
  trainer: {
    ...{ method: 'croma', iteration, random: [1, -2, 3, 4] },
    weights: new Float32Array(size).fill(0.1),
    best: { iteration: 1, accuracy: 0.5, weights: Float32Array.of(0.5) },
    adams: { alignment: { step: 9, first: Float32Array.of(1e-30), second: Float32Array.of(-0) } },
  },
  pending: [{ losses: { classification: 1 / 3, alignment: 2 } }],
  tested: [
    {
      ...{ shots: 1, labelNoise: 0.2, accuracies: [0.1, 2 / 3] },
      measures: { drift: [null, 1e-9] },
      confusion: [[0, 1, 7]],
    },
  ],
  cost: { steps: 9, trainingSeconds: 1.5, testSeconds: 1 / 3, peakBytes: 1e8 },
});

describe('a checkpoint', () => {
  it('comes back bit by bit, and replaces the one before', async () => {
    await writeCheckpoint(folder, checkpoint(4));
    await writeCheckpoint(folder, checkpoint(5));
    expect(await readCheckpoint(folder)).toEqual(checkpoint(5));
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('is absent before the first, and says when it is damaged', async () => {
    expect(await readCheckpoint(folder)).toBeUndefined();
    await writeCheckpoint(folder, checkpoint(4));
    const { file } = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'));
    await truncate(join(folder, file), 8);
    await expect(readCheckpoint(folder)).rejects.toThrow(EnvironmentError);
  });

  it('can be written twice within a millisecond', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(1);
    for (const iteration of [1, 2, 3]) await writeCheckpoint(folder, checkpoint(iteration));
    expect((await readCheckpoint(folder))?.trainer.iteration).toBe(3);
    vi.restoreAllMocks();
  });

  it('survives a full disk: the sentence says so and the last one is whole', async (context) => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'pipe' });
    } catch {
      return context.skip('a small file system cannot be mounted here (that needs Linux and root)');
    }
    try {
      await writeCheckpoint(folder, checkpoint(4));
      const names = await readdir(folder);
      await expect(writeCheckpoint(folder, checkpoint(5, 100_000))).rejects.toThrow(/The disk is full/);
      expect(await readCheckpoint(folder)).toEqual(checkpoint(4));
      expect(await readdir(folder)).toEqual(names);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});
