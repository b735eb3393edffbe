import { describe, expect, it } from 'vitest';
import { deriveState, type Facts } from '../../../src/experiment/state.ts';

const nothing: Facts = { finished: false, failed: false, stopAsked: false, runner: 'none', queued: false };

describe('the state of a run', () => {
  it.each<[string, Partial<Facts>, ReturnType<typeof deriveState>]>([
    ['a report', { finished: true, runner: 'dead', stopAsked: true }, 'finished'],
    ['a living runner', { runner: 'alive' }, 'running'],
    ['a living runner whose queue lives too', { runner: 'alive', queued: true }, 'running'],
    ['a living runner that is asked to stop', { runner: 'alive', stopAsked: true }, 'stopping'],
    ['no runner after a stop', { stopAsked: true }, 'stopped'],
    ['a runner that had to be killed to stop', { stopAsked: true, runner: 'dead' }, 'stopped'],
    ['a living queue', { queued: true }, 'queued'],
    ['a living queue after a kill', { queued: true, runner: 'dead' }, 'queued'],
    ['a failure', { failed: true }, 'failed'],
    ['a runner that was killed', { runner: 'dead' }, 'interrupted'],
    ['a queue that was killed before it came to the run', {}, 'interrupted'],
  ])('with %s is derived', (_what, facts, state) => {
    expect(deriveState({ ...nothing, ...facts })).toBe(state);
  });
});
