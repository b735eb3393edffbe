import * as z from 'zod';
import { mean } from '../../../src/base/statistics.ts';
import type { LearningData } from '../../../src/learning/data.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { defaultSettings } from '../../../src/learning/settings.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import { verdict } from '../finding.ts';
import { trial } from './trial.ts';

const SEEDS = [0, 1, 2];
const RATES = [0.2, 0.4, 0.6];
const WARMUPS = [1, 2, 4, 8, 16, 32];
const EASY = RATES[0] ?? 0.2;
/** Less than this is noise between lengths. */
const CLEAR = 0.02;

export const detection = trial({
  id: 'N1',
  statement:
    'The losses of pairs tell the wrong ones, better than an untrained network does, and worse the more there are',
  evidence: z.object({ trained: z.array(z.number()), untrained: z.number() }),
  async measure(data) {
    const trained: number[] = [];
    for (const rate of RATES) trained.push(await areaOf(data, rate, defaultSettings.warmup));
    return { trained, untrained: await areaOf(data, EASY, 0) };
  },
  judge({ trained, untrained }) {
    const [first = 0] = trained;
    const falls = trained.every((area, at) => at === 0 || area < (trained[at - 1] ?? 0));
    return verdict(
      first >= 0.8 && first > untrained && falls,
      `AUROC at 20, 40, 60 % wrong: ${trained.map((area) => area.toFixed(2)).join(', ')}; untrained ${untrained.toFixed(2)} at 20 %`,
      'at least 0.8 at 20 %, above untrained, and falling',
    );
  },
});

export const warmUp = trial({
  id: 'N3',
  statement: 'The length of the warm-up matters: too long, and wrong pairs are learnt by heart',
  evidence: z.object({ areas: z.array(z.number()) }),
  async measure(data) {
    const areas: number[] = [];
    for (const length of WARMUPS) areas.push(await areaOf(data, EASY, length));
    return { areas };
  },
  judge({ areas }) {
    const best = Math.max(...areas);
    const inside = (areas[0] ?? best) < best && (areas.at(-1) ?? best) < best - CLEAR;
    return verdict(
      inside,
      `AUROC at 20 % wrong after ${WARMUPS.join(', ')} epochs: ${areas.map((area) => area.toFixed(2)).join(', ')}`,
      'the best length is neither the shortest nor the longest, and the longest clearly below it',
    );
  },
});

/** AUROC of `robust-contrastive`'s first judgement, after `warmup` passes over the pairs; the mean over the seeds. */
async function areaOf(data: LearningData, pairNoise: number, warmup: number): Promise<number> {
  const areas: number[] = [];
  for (const seed of SEEDS) {
    const settings = { ...defaultSettings, seed, pairNoise, warmup };
    const episodes = planEpisodes(data, settings);
    const pairs = episodes.pools.flatMap((pool) => pool.pairs);
    const right = planEpisodes(data, { ...settings, pairNoise: 0 }).pools.flatMap((pool) => pool.pairs);
    const wrong = pairs.map((pair, at) => pair.target !== right[at]?.target);
    const trainer = new Trainer('robust-contrastive', { episodes, settings });
    const epoch = Math.ceil(pairs.length / (settings.innerSteps * settings.alignmentBatch));
    while (trainer.iteration <= warmup * epoch) await trainer.step();
    const { carried } = await trainer.checkpoint();
    trainer.dispose();
    areas.push(areaUnderCurve([...(carried ?? [])], wrong));
  }
  return mean(areas);
}

/** The probability that a wrong pair scores above a right one; equal scores count half. */
export function areaUnderCurve(scores: readonly number[], wrong: readonly boolean[]): number {
  const [low, high] = [false, true].map((kind) => scores.filter((_, i) => wrong[i] === kind));
  return mean((high ?? []).map((own) => mean((low ?? []).map((other) => (own > other ? 1 : own === other ? 0.5 : 0)))));
}
