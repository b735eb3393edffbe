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

  it('stop work in the background as soon as anything else is asked for', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const background = turns.takeInBackground('a', undefined, async (signal) => {
      seen.push('background starts');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      seen.push('background stops');
    });
    await setTimeout(1);
    await turns.take('a', async () => void seen.push('asked for'));
    await background;
    expect(seen).toEqual(['background starts', 'background stops', 'asked for']);
  });

  it('stop work in the background that waits for its turn, or that its own caller cancels', async () => {
    const turns = new Turns();
    const aborted = async (signal: AbortSignal): Promise<boolean> => signal.aborted;
    const first = turns.take('a', () => setTimeout(5));
    const waiting = turns.takeInBackground('a', undefined, aborted);
    const second = turns.take('a', () => setTimeout(1));
    expect(await waiting).toBe(true);
    await Promise.all([first, second]);
    expect(await turns.takeInBackground('a', AbortSignal.abort(), aborted)).toBe(true);
    expect(await turns.takeInBackground('a', undefined, aborted)).toBe(false);
  });
});
