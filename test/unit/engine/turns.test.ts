import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/engine/turns.ts';

describe('turns', () => {
  it('run jobs of one place one after the other, in the order asked', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const job = (name: string, ms: number) => async (): Promise<void> => {
      seen.push(`${name} starts`);
      await setTimeout(ms);
      seen.push(`${name} ends`);
    };
    await Promise.all([turns.take('a', job('first', 5)), turns.take('a', job('second', 0))]);
    expect(seen).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
  });

  it('go on after a job that failed, and tell its failure to its own caller only', async () => {
    const turns = new Turns();
    const failing = turns.take('a', () => Promise.reject(new Error('broken')));
    const next = turns.take('a', () => Promise.resolve('fine'));
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });

  it('do not wait for jobs of another place', async () => {
    const turns = new Turns();
    let open = (): void => undefined;
    const held = turns.take('a', () => new Promise<string>((resolve) => (open = () => resolve('done'))));
    await expect(turns.take('b', () => Promise.resolve('free'))).resolves.toBe('free');
    open();
    await expect(held).resolves.toBe('done');
  });
});
