import { describe, expect, it } from 'vitest';
import { ahead, mapConcurrently } from '../../../src/base/concurrency.ts';
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

describe('ahead', () => {
  async function* upTo(count: number, asked: number[]): AsyncGenerator<number, undefined> {
    for (let number = 0; number < count; number++) {
      asked.push(number);
      yield number;
    }
  }

  it('gives the elements in their order, whatever their number', async () => {
    for (const count of [0, 1, 2, 3, 10]) {
      const given: number[] = [];
      for await (const number of ahead(upTo(count, []), 3)) given.push(number);
      expect(given).toEqual(Array.from({ length: count }, (_, number) => number));
    }
  });

  it('asks for some before they are wanted, and for no more', async () => {
    const asked: number[] = [];
    const elements = ahead(upTo(100, asked), 3);
    await elements.next();
    await pause(5);
    expect(asked).toEqual([0, 1, 2, 3]);
    await elements.return(undefined);
    expect(asked).toHaveLength(4);
  });

  it('throws the failure of the source after the elements before it', async () => {
    async function* broken(): AsyncGenerator<number, undefined> {
      yield 1;
      throw new Error('broken');
    }
    const given: number[] = [];
    const take = async (): Promise<void> => {
      for await (const number of ahead(broken(), 4)) given.push(number);
    };
    await expect(take()).rejects.toThrow('broken');
    expect(given).toEqual([1]);
  });
});
