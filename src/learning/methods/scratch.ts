import type { MetaIteration } from './trainer.ts';

/**
 * Scratch, the target-only baseline: the network as it was initialised learns nothing before the test tasks, where it is
 * adapted to the support set like every other method (methods.md 11, C1).
 */
export function scratch(): MetaIteration {
  return {
    total: 0,
    run: () => Promise.reject(new RangeError('scratch has no meta-training')),
    dispose() {},
  };
}
