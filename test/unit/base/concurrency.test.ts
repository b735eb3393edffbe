import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../../src/base/concurrency.ts';
import { CancelledError } from '../../../src/base/errors.ts';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('mapConcurrently', () => {
  it('keeps the order of the input whatever finishes first', async () => {
    const results = await mapConcurrently([5, 1, 3], 3, async (value) => {
      await pause(value);
      return value * 10;
    });
    expect(results).toEqual([50, 10, 30]);
  });

  it('never runs more than the limit at once', async () => {
    let running = 0;
    let most = 0;
    await mapConcurrently(Array.from({ length: 20 }), 4, async () => {
      most = Math.max(most, ++running);
      await pause(1);
      running--;
    });
    expect(most).toBe(4);
  });

  it('stops at the first failure', async () => {
    const started: number[] = [];
    const work = mapConcurrently([0, 1, 2, 3, 4, 5], 1, async (value) => {
      started.push(value);
      if (value === 2) throw new Error('broken');
    });
    await expect(work).rejects.toThrow('broken');
    expect(started).toEqual([0, 1, 2]);
  });

  it('fails only when nothing is running any more', async () => {
    const ended: number[] = [];
    const work = mapConcurrently([0, 1, 2, 3], 3, async (value) => {
      if (value === 1) throw new Error('broken');
      await pause(5);
      ended.push(value);
    });
    await expect(work).rejects.toThrow('broken');
    expect(ended).toEqual([0, 2]);
  });

  it('stops when it is cancelled', async () => {
    const stop = new AbortController();
    const work = mapConcurrently([0, 1, 2, 3], 1, async (value) => value === 1 && stop.abort(), stop.signal);
    await expect(work).rejects.toBeInstanceOf(CancelledError);
  });
});
