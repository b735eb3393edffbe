import type { Method } from '../../protocol.ts';
import type { AdamState } from '../adam.ts';
import { alignClassify } from './alignClassify.ts';
import { croma } from './croma.ts';
import type { LearningMethod, Lesson } from './method.ts';
import { scratch } from './scratch.ts';

/** Every method by its name; one that keeps an optimiser goes on with the state of it. */
const methods: Readonly<Record<Method, (lesson: Lesson, state?: AdamState) => LearningMethod>> = {
  croma,
  'align-classify': alignClassify,
  scratch,
};

/** The backend must be open. The caller disposes it. */
export function openMethod(name: Method, lesson: Lesson, state?: AdamState): LearningMethod {
  return methods[name](lesson, state);
}
