import type { Job } from '../../base/progress.ts';
import type { ProblemKind } from '../../protocol.ts';
import type { Staging } from '../staging.ts';

/**
 * Looks for one kind of defect in what was read and puts a row into `problems` for each find; a group is one row. It
 * reads the tables of {@link prepareChecks} and those of the checks before it.
 */
export interface Check {
  /** The kinds that it finds in what items hold; none when it looks at labels only. */
  readonly inContents: readonly ProblemKind[];
  readonly run: (staging: Staging, job: Job) => Promise<void>;
}
