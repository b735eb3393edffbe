import type { Method } from '../../protocol.ts';
import type { AdamState } from '../adam.ts';
import { alignClassify } from './alignClassify.ts';
import { croma } from './croma.ts';
import { fineTune } from './fineTune.ts';
import { frozen } from './frozen.ts';
import { linearProbe } from './linearProbe.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { mona } from './mona.ts';
import { orcaL2 } from './orcaL2.ts';
import { orcaMmd } from './orcaMmd.ts';
import { orcaOtdd } from './orcaOtdd.ts';
import { orcaOtddGaussian } from './orcaOtddGaussian.ts';
import { scratch } from './scratch.ts';
import { transferScratch } from './transferScratch.ts';
import { warmUp } from './warmUp.ts';

/** Every method by its name; one that keeps an optimiser goes on with the state of it. */
const methods: Readonly<Record<Method, (lesson: Lesson, state?: AdamState) => LearningMethod>> = {
  croma,
  'align-classify': alignClassify,
  scratch,
  mona,
  'warm-up': warmUp,
  'orca-otdd': orcaOtdd,
  'orca-otdd-gaussian': orcaOtddGaussian,
  'orca-mmd': orcaMmd,
  'orca-l2': orcaL2,
  'fine-tune': fineTune,
  frozen,
  'linear-probe': linearProbe,
  'transfer-scratch': transferScratch,
};

/** The backend must be open. The caller disposes it. */
export function openMethod(name: Method, lesson: Lesson, state?: AdamState): LearningMethod {
  return methods[name](lesson, state);
}
