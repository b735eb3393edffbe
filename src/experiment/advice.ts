import type { Job } from '../base/progress.ts';
import { advise } from '../learning/advice/advise.ts';
import { planEpisodes } from '../learning/episodes.ts';
import type { Advice } from '../protocol.ts';
import { loadExperiment, settingsOf } from './config.ts';
import { loadLearningData } from './features.ts';
import { planRuns } from './plan.ts';

/**
 * Whether meta-alignment is likely to pay for an experiment, from the data of its first seed. Encodes what is not encoded.
 * @throws InputError when the experiment asks for what its dataset does not have.
 */
export async function adviseOn(path: string, job?: Job): Promise<Advice> {
  const { experiment, snapshot } = await planRuns(await loadExperiment(path));
  try {
    const { source, target, seeds } = experiment.config;
    const settings = settingsOf(experiment.config, seeds[0] ?? 0);
    return advise(planEpisodes(await loadLearningData(snapshot, source, target, job), settings), settings);
  } finally {
    snapshot.close();
  }
}
