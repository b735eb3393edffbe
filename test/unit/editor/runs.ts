import type { RunSummary } from '../../../src/protocol.ts';

/** A finished run without results, with what a test sets. */
export function runWith(fields: Partial<RunSummary>): RunSummary {
  return {
    id: 'demo-croma-seed0-00000000',
    folder: '/w/.pairlab/runs/demo-croma-seed0-00000000',
    experiment: '/w/demo.experiment.yaml',
    method: 'croma',
    seed: 0,
    pairNoise: 0,
    source: 'image',
    target: 'audio',
    ways: 5,
    state: 'finished',
    progress: 1,
    results: [],
    curve: [],
    ...fields,
  };
}
