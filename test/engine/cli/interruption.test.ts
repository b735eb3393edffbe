import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { copyOf } from '../dataset/place.ts';
import { countParts, Indexed, manyPairs, pairlab, Running, unfinished } from './pairlab.ts';

/** Longer than what is read may wait to be stored. */
const LONG_MS = 5500;
const SLICE_MS = 10;

/**
 * Kills a command when it has stored some of what it read at a stage: the machine is made slow for that, then works in
 * slices too short for the rest.
 */
async function killAt(stage: string, command: string, folder: string): Promise<void> {
  const running = new Running(command, folder);
  await running.stage(stage);
  running.process.kill('SIGSTOP');
  await setTimeout(LONG_MS);
  while ((await countParts(folder)) === 0 && running.process.exitCode === null) {
    running.process.kill('SIGCONT');
    await setTimeout(SLICE_MS);
    running.process.kill('SIGSTOP');
  }
  running.process.kill('SIGKILL');
  expect((await running.ended).signal).toBe('SIGKILL');
}

describe('a command that is killed', () => {
  it.each([
    ['index', 'reading headers', 600],
    ['check', 'decoding media', 300],
  ])('in the midst of its work goes on where it stopped: %s, %s', async (command, stage, pairs) => {
    const folder = await manyPairs(pairs);
    const whole = await copyOf(folder);
    await killAt(stage, command, folder);
    const again = await pairlab(Indexed, command, folder);
    expect(again.reread).toBeLessThan(2 * pairs);
    expect(again.reused).toBe(2 * pairs - again.reread);
    expect(again.snapshot.id).toBe((await pairlab(Indexed, command, whole)).snapshot.id);
    expect(await unfinished(folder)).toEqual([]);
  });
});

describe('a command that is asked to stop', () => {
  it.each([
    ['index', 'listing files'],
    ['index', 'pairing'],
    ['index', 'reading headers'],
    ['index', 'writing the snapshot'],
    ['check', 'decoding media'],
  ])('ends with code 130 and leaves no unfinished file: %s, %s', async (command, stage) => {
    const folder = await manyPairs(400);
    const running = new Running(command, folder);
    await running.stage(stage);
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(stderr).toMatch(/pairlab: Stopped as asked\.\n$/);
    expect(code).toBe(130);
    expect(await unfinished(folder)).toEqual([]);
  });
});
