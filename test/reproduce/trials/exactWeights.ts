import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Episodes, planEpisodes } from '../../../src/learning/episodes.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import { Method } from '../../../src/protocol.ts';
import { verdict } from '../finding.ts';
import { trial } from './trial.ts';

/** Short: whether weights change does not depend on how long they were trained. */
const settings: Settings = {
  ...defaultSettings,
  shots: [1, 5],
  testTasks: 2,
  iterations: 3,
  adaptationSteps: 5,
  transfer: { ...defaultSettings.transfer, warmUpSteps: 5, embedderSteps: 5, fineTuneSteps: 5 },
};

/** Keeps what test tasks teach, which is the very defect that C11 shows. */
const LEAKING: Method = 'croma-released';

export const exactWeights = trial({
  id: 'C13',
  statement: 'Every evaluation leaves the state of training bit by bit as it was',
  evidence: z.object({ methods: z.array(Method), changed: z.array(Method) }),
  async measure(data) {
    const episodes = planEpisodes(data, settings);
    const methods = Method.options.filter((method) => method !== LEAKING);
    const changed: Method[] = [];
    for (const method of methods) if (await changes(method, episodes)) changed.push(method);
    return { methods, changed };
  },
  judge: ({ methods, changed }) =>
    verdict(
      changed.length === 0,
      `${methods.length - changed.length} of ${methods.length} methods`,
      changed.length === 0 ? 'weights, optimisers and random numbers are equal' : `changed by ${changed.join(', ')}`,
    ),
});

async function changes(method: Method, episodes: Episodes): Promise<boolean> {
  const trainer = new Trainer(method, { episodes, settings });
  try {
    while (trainer.iteration < trainer.total) await trainer.step();
    const before = structuredClone(await trainer.checkpoint());
    const { weights } = await trainer.selected();
    for (const shots of settings.shots) {
      for await (const { task } of trainer.test(weights, episodes.testTasks, shots)) void task;
    }
    await trainer.retrieve(weights);
    return !isDeepStrictEqual(await trainer.checkpoint(), before);
  } finally {
    trainer.dispose();
  }
}
