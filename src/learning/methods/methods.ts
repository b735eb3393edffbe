import type { Method } from '../../protocol.ts';
import type { AdamStates } from '../adams.ts';
import { alignClassify } from './alignClassify.ts';
import { autoencoder } from './autoencoder.ts';
import { contrastive } from './contrastive.ts';
import { croma } from './croma.ts';
import { cromaReleased } from './cromaReleased.ts';
import { crossModal } from './crossModal.ts';
import { fineTune } from './fineTune.ts';
import { frozen } from './frozen.ts';
import { joint } from './joint.ts';
import { linearProbe } from './linearProbe.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { mona } from './mona.ts';
import { oracle } from './oracle.ts';
import { orcaL2 } from './orcaL2.ts';
import { orcaMmd } from './orcaMmd.ts';
import { orcaOtdd } from './orcaOtdd.ts';
import { orcaOtddGaussian } from './orcaOtddGaussian.ts';
import { prototypes } from './prototypes.ts';
import { robustContrastive } from './robustContrastive.ts';
import { scratch } from './scratch.ts';
import { sourceOnly } from './sourceOnly.ts';
import { sourceToSource } from './sourceToSource.ts';
import { transferScratch } from './transferScratch.ts';
import { warmUp } from './warmUp.ts';
import { zeroShot } from './zeroShot.ts';

/** Opens a method; one that keeps optimisers, or anything else, goes on with the state of them. */
type Open = (lesson: Lesson, adams?: AdamStates, carried?: Float32Array) => LearningMethod;

/** Every method by its name. */
const methods: Readonly<Record<Method, Open>> = {
  croma,
  'align-classify': alignClassify,
  scratch,
  'source-only': sourceOnly,
  'source-to-source': sourceToSource,
  oracle,
  joint,
  autoencoder,
  prototypes,
  'zero-shot': zeroShot,
  'cross-modal': crossModal,
  contrastive,
  'robust-contrastive': robustContrastive,
  'croma-released': cromaReleased,
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

/**
 * The backend must be open. The caller disposes it.
 * @throws InputError when the data lacks what the method needs.
 */
export function openMethod(name: Method, lesson: Lesson, adams?: AdamStates, carried?: Float32Array): LearningMethod {
  return methods[name](lesson, adams, carried);
}
