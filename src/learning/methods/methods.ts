import type { Method } from '../../protocol.ts';
import type { LearningData } from '../data.ts';
import type { Episodes } from '../episodes.ts';
import type { Settings } from '../settings.ts';
import type { Trainer, TrainerState } from './trainer.ts';

/** A trainer at its start, or where `state` left off. The backend must be open. */
export declare function createTrainer(
  method: Method,
  data: LearningData,
  episodes: Episodes,
  settings: Settings,
  state?: TrainerState,
): Promise<Trainer>;
