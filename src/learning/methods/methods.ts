import { Random } from '../../base/random.ts';
import type { Method } from '../../protocol.ts';
import type { Episodes } from '../episodes.ts';
import { networkOf } from '../networks.ts';
import type { Settings } from '../settings.ts';
import { alignClassify } from './alignClassify.ts';
import { croma } from './croma.ts';
import type { Learner } from './reptile.ts';
import { scratch } from './scratch.ts';
import { type MetaIteration, Trainer, type TrainerState } from './trainer.ts';

/**
 * A trainer at its start, or where `state` left off. All methods start from the same weights. The backend must be open.
 * The caller disposes it.
 */
export function createTrainer(method: Method, episodes: Episodes, settings: Settings, state?: TrainerState): Trainer {
  const learner = { network: networkOf(episodes, settings), episodes, settings };
  return new Trainer(learner, metaIterationOf(method, learner, state), state ?? start(method, learner));
}

function metaIterationOf(method: Method, learner: Learner, state: TrainerState | undefined): MetaIteration {
  switch (method) {
    case 'croma':
      return croma(learner);
    case 'align-classify':
      return alignClassify(learner, state?.adam);
    case 'scratch':
      return scratch();
  }
}

function start(method: Method, { network, settings }: Learner): TrainerState {
  return {
    method,
    iteration: 0,
    random: Random.of(settings.seed, 'meta-training').state(),
    weights: network.initialise(Random.of(settings.seed, 'initial weights')),
  };
}
