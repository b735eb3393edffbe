import * as z from 'zod';
import { interval95, mean } from '../../../src/base/statistics.ts';
import type { LearningData } from '../../../src/learning/data.ts';
import { type Episodes, planEpisodes } from '../../../src/learning/episodes.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import type { TargetTask } from '../../../src/learning/tasks.ts';
import { Trainer, type TrainerState } from '../../../src/learning/trainer.ts';
import type { Method } from '../../../src/protocol.ts';
import { points, verdict } from '../finding.ts';
import { estimate } from '../results.ts';
import { trial } from './trial.ts';

const SEEDS = [0, 1, 2, 3];
const TASKS = 4;
const SHOTS = 5;
/** Iterations between two looks at the test tasks; the other training looks once, after the last. */
const OFTEN = 2;

const Gains = z.object({ fixed: z.array(z.number()), fresh: z.array(z.number()) });
type Gains = z.infer<typeof Gains>;

export const leak = trial({
  id: 'C11',
  statement:
    'With the released code’s shared encoders, looking at test tasks again and again lifts them above fresh tasks; with deep copies it does not',
  evidence: z.object({ released: Gains, copies: Gains }),
  async measure(data) {
    const gains: Gains[] = [];
    for (const seed of SEEDS) gains.push(await gainsOn(data, 'croma-released', seed));
    const released = { fixed: gains.flatMap(({ fixed }) => fixed), fresh: gains.flatMap(({ fresh }) => fresh) };
    return { released, copies: await gainsOn(data, 'croma', SEEDS[0] ?? 0) };
  },
  judge({ released, copies }) {
    const noise = Math.hypot(interval95(released.fixed) ?? 0, interval95(released.fresh) ?? 0);
    const leaks = mean(released.fixed) - mean(released.fresh) > noise;
    const guarded = [...copies.fixed, ...copies.fresh].every((gain) => gain === 0);
    return verdict(
      leaks && guarded,
      `what looking adds: fixed tasks ${points(estimate(released.fixed))}, fresh ones ${points(estimate(released.fresh))}`,
      `the released code ${leaks ? 'leaks' : 'does not visibly leak'}; CROMA with deep copies is ${guarded ? 'equal to the bit' : 'changed'}`,
    );
  },
});

async function gainsOn(data: LearningData, method: Method, seed: number): Promise<Gains> {
  const settings = {
    ...defaultSettings,
    ...{ seed, shots: [SHOTS], testTasks: TASKS, validationTasks: TASKS, iterations: 40 },
  };
  return await gainsOfLooking(method, planEpisodes(data, settings), settings, OFTEN);
}

/**
 * What looking at the test tasks after every so many iterations, instead of once after the last, adds to the accuracy on
 * them (`fixed`), and on the validation tasks, whose classes are not looked at (`fresh`).
 */
export async function gainsOfLooking(
  method: Method,
  episodes: Episodes,
  settings: Settings,
  often: number,
): Promise<Gains> {
  const trained = async (validateEvery: number): Promise<TrainerState> => {
    const trainer = new Trainer(method, { episodes, settings: { ...settings, validateEvery } });
    while (trainer.iteration < trainer.total) await trainer.step();
    const state = await trainer.checkpoint();
    trainer.dispose();
    return state;
  };
  /** Each task from the same state, so that none leaks into the next. */
  const tested = async (state: TrainerState, tasks: readonly TargetTask[]): Promise<number[]> => {
    const found: number[] = [];
    for (const task of tasks) {
      const trainer = new Trainer(method, { episodes, settings }, state);
      for await (const { accuracy } of trainer.test(state.weights, [task], Math.max(...settings.shots))) {
        found.push(accuracy);
      }
      trainer.dispose();
    }
    return found;
  };
  const [looked, once] = [await trained(often), await trained(settings.iterations)];
  const gain = async (tasks: readonly TargetTask[]): Promise<number[]> => {
    const without = await tested(once, tasks);
    return (await tested(looked, tasks)).map((accuracy, at) => accuracy - (without[at] ?? 0));
  };
  return { fixed: await gain(episodes.testTasks), fresh: await gain(episodes.validationTasks) };
}
