import { exactWeights } from './exactWeights.ts';
import { leak } from './leak.ts';
import { renaming } from './renaming.ts';
import type { Trial } from './trial.ts';
import { detection, warmUp } from './wrongPairs.ts';

/** Each is measured on every direction of the sample, which has all that they need. */
export const trials: readonly Trial[] = [leak, exactWeights, renaming, detection, warmUp];
