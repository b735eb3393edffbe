import { InputError } from '../base/errors.ts';
import type { Strength } from '../protocol.ts';
import { type LearningData, rowsByClass } from './data.ts';
import { drawGalleries, type Gallery } from './galleries.ts';
import { type NormalisedInputs, normalise, requireFinite } from './inputs.ts';
import { withPairNoise } from './noise.ts';
import { type ClassPool, divideItems, isUsable, limitPairs } from './pools.ts';
import type { Settings } from './settings.ts';
import { SourceItems } from './sourceItems.ts';
import { type ClassSplit, splitClasses } from './splits.ts';
import { drawTargetTasks, type TargetTask } from './tasks.ts';

/** What meta-training, meta-validation and the test may see; the same for every method of one seed. */
export interface Episodes {
  /** Normalised over the items that meta-training sees. */
  readonly source: NormalisedInputs;
  /** Likewise; of a dataset of its own, of which meta-training sees nothing, over all items, without their labels. */
  readonly target: NormalisedInputs;
  readonly strength: Strength;
  readonly classes: ClassSplit;
  /** One for each meta-training class. */
  readonly pools: readonly ClassPool[];
  readonly validationTasks: readonly TargetTask[];
  readonly testTasks: readonly TargetTask[];
  /** Pairs of the test classes, among which partners are looked for; none where such pairs are too few. */
  readonly galleries: readonly Gallery[];
  /** Source items of the tasks' classes, for the methods that use their labels. */
  readonly sources: SourceItems;
  /** What is left out or limited, in sentences for the report. */
  readonly notes: readonly string[];
}

/**
 * Splits the classes, halves the items of the meta-training classes and draws the tasks. Limits and noise come last, and
 * the normalisation is that of all pairs: runs that differ in `pairsPerClass` or `pairNoise` differ in nothing else.
 * @throws InputError when there are too few classes or items for `ways`, `shots` and `queries`, with what is possible,
 * or when a vector is not finite.
 */
export function planEpisodes(data: LearningData, settings: Settings): Episodes {
  requireFinite(data.source, 'source');
  requireFinite(data.target, 'target');
  requirePairs(data);
  requireInstances(data, settings);
  const all = divideItems(data, settings.seed);
  const targets = rowsByClass(data.target, data.classes.length);
  const supply = all.map((pool) => ({
    targets: targets[pool.class]?.length ?? 0,
    trainable: (data.areApart || pool.pairs.length > 0) && pool.classification.length > 0,
  }));
  const classes = splitClasses(supply, settings);
  const pools = all.filter((pool) => classes.train.includes(pool.class));
  const { seed, ways, queries, pairNoise, pairsPerClass } = settings;
  const limited = pairsPerClass === undefined ? pools : limitPairs(pools, pairsPerClass, seed);
  const shape = { seed, ways, queries, support: Math.max(...settings.shots) };
  const draw = (kind: 'validation' | 'test', count: number) =>
    drawTargetTasks(data.target, classes[kind], { ...shape, kind, count });
  return {
    source: normalise(
      data.source,
      pools.flatMap((pool) => [...pool.classification, ...pool.alignedSources]),
    ),
    target: normalise(
      data.target,
      data.areApart ? [...data.target.classes.keys()] : pools.flatMap((pool) => pool.alignedTargets),
    ),
    strength: data.strength,
    classes,
    pools: pairNoise === 0 ? limited : withPairNoise(limited, data.strength, pairNoise, seed),
    validationTasks: draw('validation', settings.validationTasks),
    testTasks: draw('test', settings.testTasks),
    galleries: drawGalleries(data, classes.test, seed),
    sources: new SourceItems(data, seed),
    notes: notesOf(data, classes, pools, settings),
  };
}

function requireInstances({ strength }: LearningData, { positives }: Settings): void {
  if (positives === 'class' || strength === 'strong') return;
  throw new InputError(
    '`positives: instance` needs strong pairs, and these pairs are weak: their partners share a class only. ' +
      'Set `positives: class`.',
  );
}

function requirePairs(data: LearningData): void {
  if (data.areApart || data.pairs.some((pair) => isUsable(pair, data))) return;
  throw new InputError(
    data.pairs.length === 0
      ? 'There are no pairs between the source and the target modality, and training needs them.'
      : `None of the ${data.pairs.length} pairs has a class, and few-shot tasks are made of classes. ` +
          'Say in pairlab.yaml where the classes are.',
  );
}

function notesOf(
  data: LearningData,
  { train, validation, test }: ClassSplit,
  pools: readonly ClassPool[],
  { pairsPerClass }: Settings,
): string[] {
  const used = new Set([...train, ...validation, ...test]);
  const unused = data.classes.filter((_, index) => !used.has(index));
  const without = data.pairs.filter((pair) => pair.class < 0).length;
  const conflicting = data.pairs.filter((pair) => pair.class >= 0 && !isUsable(pair, data)).length;
  const notes: string[] = [];
  if (validation.length === 0) {
    notes.push('No classes were left for meta-validation, so the weights after the last iteration were tested.');
  }
  if (unused.length > 0) {
    notes.push(
      `${unused.length} of ${data.classes.length} classes are not used: they have too few pairs to meta-train on and ` +
        `too few target items to test on, or were not needed (${preview(unused)}).`,
    );
  }
  if (!data.areApart) notes.push(...oneSided(data));
  const short = pools.map(({ pairs }) => pairs.length).filter((count) => count < (pairsPerClass ?? 0));
  if (short.length > 0) {
    notes.push(
      `\`pairsPerClass: ${pairsPerClass}\` is more than ${short.length} of ${pools.length} meta-training classes have to ` +
        `align (the smallest has ${Math.min(...short)}); these use all of theirs.`,
    );
  }
  if (without > 0) notes.push(`${without} pairs without a class are not used.`);
  if (conflicting > 0) notes.push(`${conflicting} pairs are not used: an item has another class than its pair.`);
  return notes;
}

/** Classes of which one modality has no item: they can neither be aligned nor, without target items, be tested on. */
function oneSided({ classes, source, target }: LearningData): string[] {
  const sides = { source: rowsByClass(source, classes.length), target: rowsByClass(target, classes.length) };
  return (['source', 'target'] as const).flatMap((side) => {
    const missing = classes.filter((_, index) => (sides[side][index] ?? []).length === 0);
    if (missing.length === 0) return [];
    const these = missing.length === 1 ? '1 class has' : `${missing.length} of ${classes.length} classes have`;
    return [`${these} no item in the ${side} modality (${preview(missing)}).`];
  });
}

function preview(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')}, …`;
}
