import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { advise } from '../learning/advice/advise.ts';
import { planEpisodes } from '../learning/episodes.ts';
import type { Advice } from '../protocol.ts';
import { loadExperiment } from './config.ts';
import { openLearningData } from './learningData.ts';
import { planRuns } from './plan.ts';

/**
 * Whether meta-alignment is likely to pay for an experiment, from the data of its first run. Encodes what is not encoded.
 * @throws InputError when the experiment asks for what its dataset does not have, or its data has no pairs.
 */
export async function adviseOn(path: string, job?: Job): Promise<Advice> {
  const { experiment, snapshots, records } = await planRuns(await loadExperiment(path));
  try {
    if (snapshots.areApart) {
      throw new InputError(
        `${experiment.path} has a \`sourceDataset\`: items of two datasets make no pairs, and meta-alignment needs them.`,
      );
    }
    const [first] = records;
    if (first === undefined) throw new RangeError('an experiment plans at least one run');
    const data = await openLearningData(snapshots, first.plan, job);
    try {
      return advise(planEpisodes(data, first.plan.settings), first.plan.settings);
    } finally {
      data.close();
    }
  } finally {
    snapshots.close();
  }
}
