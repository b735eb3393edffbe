import { Random } from '../../base/random.ts';
import { median } from '../../base/statistics.ts';
import type { Advice } from '../../protocol.ts';
import type { Inputs } from '../data.ts';
import type { Episodes } from '../episodes.ts';
import type { Settings } from '../settings.ts';
import { type HeldOut, tryLinearAlignment } from './heldOut.ts';
import { type SharedStructure, sharedStructure } from './sharedStructure.ts';

const PERMUTATIONS = 99;
/** Pairs that the comparison of the two geometries looks at: it costs their square. */
const MOST_PAIRS = 500;

/**
 * Says before any training whether meta-alignment is likely to pay. It looks at the meta-training classes alone: a few
 * of them in turn stand for new classes, and a linear map learnt from the pairs of the others stands for what alignment
 * can teach. Where the target items of the held-out classes are told apart better with the help of that map than without,
 * and the two geometries have something in common, alignment is likely to pay. All of it is ours; the facts behind it are
 * in methods.md 12.3.
 */
export function advise(episodes: Episodes, settings: Settings): Advice {
  const { pools } = episodes;
  const heldOut = tryLinearAlignment(episodes, settings);
  const shared = compareGeometries(episodes, settings.seed);
  const evidence = {
    classes: pools.length,
    pairsPerClass: median(pools.map(({ pairs }) => pairs.length)) ?? 0,
    ...(heldOut && { heldOut }),
    ...(shared && { shared }),
  };
  const reasons = [
    `${evidence.classes} classes to train on, with ${evidence.pairsPerClass} pairs each (median).`,
    ...(heldOut ? heldOutReasons(heldOut) : ['Too few classes or items to hold some out and try.']),
    ...(shared ? [sharedReason(shared)] : []),
  ];
  return { verdict: verdictOf(evidence), reasons, evidence };
}

function verdictOf({ heldOut, shared }: Advice['evidence']): Advice['verdict'] {
  if (heldOut === undefined || shared === undefined) return 'uncertain';
  const { source, target, gain, interval } = heldOut;
  if (!isRelated(shared) || gain + interval < 0) return 'unlikely';
  if (gain > interval) return 'likely';
  return source > target ? 'uncertain' : 'unlikely';
}

function isRelated({ p }: SharedStructure): boolean {
  return p <= 0.05;
}

function heldOutReasons({ source, target, mapped, gain, interval }: HeldOut): string[] {
  const change = `${gain < 0 ? '−' : '+'}${percent(Math.abs(gain))} ± ${percent(interval)} points`;
  const carries =
    gain > interval
      ? 'what the pairs teach carries over to new classes'
      : gain + interval < 0
        ? 'what the pairs teach does not carry over to new classes'
        : 'too little to tell';
  const teaches =
    source > target
      ? 'it tells the classes apart better than the target does'
      : 'it tells the classes apart no better than the target does, so it has little to teach';
  return [
    `On classes held out of them, a linear map learnt from the pairs of the others, beside the features, changes the ` +
      `accuracy of nearest centroids in the target from ${percent(target)} to ${percent(mapped)} % (${change}): ${carries}.`,
    `In the source, nearest centroids reach ${percent(source)} %: ${teaches}.`,
  ];
}

function sharedReason(shared: SharedStructure): string {
  return (
    `Debiased CKA of the pairs is ${shared.cka.toFixed(3)}, the highest of ${PERMUTATIONS} permutations ` +
    `${shared.highestByChance.toFixed(3)}: the modalities ${isRelated(shared) ? 'share' : 'do not visibly share'} structure.`
  );
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}

/** Over an equal number of pairs of each meta-training class. */
function compareGeometries({ source, target, pools }: Episodes, seed: number): SharedStructure | undefined {
  const random = Random.of(seed, 'advice: geometries');
  const each = Math.max(1, Math.floor(MOST_PAIRS / pools.length));
  const pairs = pools.flatMap((pool) => random.sample(pool.pairs, each)).slice(0, MOST_PAIRS);
  if (pairs.length < 4) return undefined;
  const vectors = (inputs: Inputs, side: 'source' | 'target') => pairs.map((pair) => inputs.gather([pair[side]]));
  return sharedStructure(vectors(source, 'source'), vectors(target, 'target'), PERMUTATIONS, random);
}
