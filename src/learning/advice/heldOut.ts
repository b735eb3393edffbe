import { Random } from '../../base/random.ts';
import { interval95, mean } from '../../base/statistics.ts';
import type { Advice } from '../../protocol.ts';
import { centroid } from '../centroids.ts';
import type { Inputs } from '../data.ts';
import type { Episodes } from '../episodes.ts';
import type { ClassPool } from '../pools.ts';
import type { Settings } from '../settings.ts';
import { drawTargetTasks, type TargetTask } from '../tasks.ts';
import { besideImage, fitLinearMap } from './linearMap.ts';
import { centroidAccuracy } from './nearestCentroid.ts';

const TASKS = 100;
const MOST_FOLDS = 6;
/** Pairs that a map is fitted on. */
const MOST_FITTED = 4000;

export type HeldOut = NonNullable<Advice['evidence']['heldOut']>;

/** Accuracies of nearest centroids on held-out classes, task by task. */
interface Trial {
  readonly target: number[];
  readonly source: number[];
  readonly mapped: number[];
}

/**
 * How well nearest centroids tell classes apart that were held out of the meta-training classes, with and without a linear
 * map that was learnt from the pairs of the others. `undefined` where there are too few classes or items to hold some out.
 */
export function tryLinearAlignment(episodes: Episodes, settings: Settings): HeldOut | undefined {
  const order = Random.of(settings.seed, 'advice').shuffle(episodes.pools);
  const size = Math.min(settings.ways, Math.floor(order.length / 2));
  const folds = Math.min(MOST_FOLDS, Math.floor(order.length / Math.max(1, size)));
  const trials = Array.from({ length: folds }, (_, fold) => {
    const held = order.slice(fold * size, (fold + 1) * size);
    return tryFold(
      episodes,
      order.filter((pool) => !held.includes(pool)),
      held,
      settings,
    );
  });
  const all = (side: keyof Trial) => trials.flatMap((trial) => trial[side]);
  const [source, target, mapped] = [all('source'), all('target'), all('mapped')];
  const gains = mapped.map((accuracy, task) => accuracy - (target[task] ?? 0));
  const interval = interval95(gains);
  if (interval === undefined || source.length === 0) return undefined;
  return { source: mean(source), target: mean(target), mapped: mean(mapped), gain: mean(gains), interval };
}

/** The map is learnt from the classes of `known`, and the tasks are of the classes of `held`. */
function tryFold(
  { source, target, strength }: Episodes,
  known: readonly ClassPool[],
  held: readonly ClassPool[],
  settings: Settings,
): Trial {
  const paired = (pools: readonly ClassPool[]) => pairedVectors(source, target, pools, strength === 'strong');
  const fitted = Math.max(1, Math.ceil(known.length * 0.75));
  const [fit, choose] = [paired(known.slice(0, fitted)), paired(known.slice(fitted))];
  const map = besideImage(fitLinearMap(fit.x, fit.y, choose.x.length > 0 ? choose : fit), fit.x);
  const sourceOf = remembered((row) => source.gather([row]));
  const targetOf = remembered((row) => target.gather([row]));
  const mappedOf = remembered((row) => map(targetOf(row)));
  const trial: Trial = { target: [], source: [], mapped: [] };
  for (const shots of settings.shots) {
    for (const task of tasksOf(target, held, shots, settings)) {
      trial.target.push(centroidAccuracy(task, shots, targetOf));
      trial.mapped.push(centroidAccuracy(task, shots, mappedOf));
    }
    for (const task of tasksOf(source, held, shots, settings)) {
      trial.source.push(centroidAccuracy(task, shots, sourceOf));
    }
  }
  return trial;
}

/** The same function, which computes a row once. */
function remembered(vectorOf: (row: number) => Float32Array): (row: number) => Float32Array {
  const known = new Map<number, Float32Array>();
  return (row) => {
    const vector = known.get(row) ?? vectorOf(row);
    known.set(row, vector);
    return vector;
  };
}

/** Tasks of the classes that have enough items; fewer ways where there are fewer classes. */
function tasksOf(
  inputs: Inputs,
  pools: readonly ClassPool[],
  shots: number,
  { seed, ways, queries }: Settings,
): TargetTask[] {
  const counts = new Map<number, number>();
  for (const label of inputs.classes) counts.set(label, (counts.get(label) ?? 0) + 1);
  const possible = pools.map((pool) => pool.class).filter((label) => (counts.get(label) ?? 0) > shots);
  if (possible.length < 2) return [];
  const fewest = Math.min(...possible.map((label) => counts.get(label) ?? 0));
  return drawTargetTasks(inputs, possible, {
    ...{ kind: 'validation', seed, count: TASKS, support: shots },
    ways: Math.min(ways, possible.length),
    queries: Math.min(queries, fewest - shots),
  });
}

/** Target vectors and their partners: the very partner of a strong pair, the mean of its class for a weak one. */
function pairedVectors(source: Inputs, target: Inputs, pools: readonly ClassPool[], strong: boolean) {
  const x: Float32Array[] = [];
  const y: Float32Array[] = [];
  const each = Math.ceil(MOST_FITTED / Math.max(1, pools.length));
  for (const { pairs, alignedSources } of pools) {
    const centre = strong ? undefined : centroid(alignedSources.map((row) => source.gather([row])));
    for (const pair of pairs.slice(0, each)) {
      x.push(target.gather([pair.target]));
      y.push(centre ?? source.gather([pair.source]));
    }
  }
  return { x, y };
}
