import type { Job } from '../../base/progress.ts';
import type { Staging } from '../staging.ts';
import { absentClasses } from './absentClasses.ts';
import type { Check } from './check.ts';
import { classImbalance } from './classImbalance.ts';
import { exactDuplicates } from './exactDuplicates.ts';
import { mediaMeasures } from './mediaMeasures.ts';
import { missingText } from './missingText.ts';
import { nearDuplicates } from './nearDuplicates.ts';
import { prepareChecks } from './prepare.ts';
import { splitLeaks } from './splitLeaks.ts';
import { wrongExtension } from './wrongExtension.ts';

/** In the order in which they run: near-duplicates leave copies out, and leaks look at the groups of both. */
const CHECKS: readonly Check[] = [
  missingText,
  mediaMeasures,
  wrongExtension,
  exactDuplicates,
  nearDuplicates,
  splitLeaks,
  classImbalance,
  absentClasses,
];

/** The checks that look at what items hold, and the kinds of problems that they find there. */
export const CONTENT_CHECKS = CHECKS.filter(({ inContents }) => inContents.length > 0);
export const KINDS_IN_CONTENTS = CHECKS.flatMap(({ inContents }) => inContents);

/**
 * Adds the problems that items have by themselves or among each other to `problems`, from the tables `items` and `pairs`.
 * What a decision leaves out is not checked. Without the decode pass, what only decoding tells is not found.
 */
export async function runChecks(staging: Staging, job: Job, checks = CHECKS): Promise<void> {
  staging.database.flush();
  await prepareChecks(staging, job);
  for (const [done, check] of checks.entries()) {
    job.progress?.({ stage: 'checking', done, total: checks.length });
    await check.run(staging, job);
  }
}
