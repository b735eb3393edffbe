import { InputError } from '../base/errors.ts';
import type { Strength } from '../protocol.ts';
import { type InputPair, type Inputs, type LearningData, rowsByClass } from './data.ts';
import { normalise, requireFinite } from './inputs.ts';
import { type ClassPool, divideItems, isUsable } from './pools.ts';
import type { Settings } from './settings.ts';
import { SourceItems } from './sourceItems.ts';
import { type ClassSplit, splitClasses } from './splits.ts';
import { drawRetrievalPairs, drawTargetTasks, type TargetTask } from './tasks.ts';

/** What meta-training, meta-validation and the test may see; the same for every method of one seed. */
export interface Episodes {
  /** Normalised over the items that meta-training sees. */
  readonly source: Inputs;
  readonly target: Inputs;
  readonly strength: Strength;
  readonly classes: ClassSplit;
  /** One for each meta-training class. */
  readonly pools: readonly ClassPool[];
  readonly validationTasks: readonly TargetTask[];
  readonly testTasks: readonly TargetTask[];
  /** Source items of the tasks' classes, for the methods that use their labels. */
  readonly sources: SourceItems;
  /** Pairs of test classes, which retrieval looks for. */
  readonly retrievalPairs: readonly InputPair[];
  /** What is left out or limited, in sentences for the report. */
  readonly notes: readonly string[];
}

/**
 * Splits the classes, halves the items of the meta-training classes and draws the tasks.
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
    trainable: pool.pairs.length > 0 && pool.classification.length > 0,
  }));
  const classes = splitClasses(supply, settings);
  const pools = all.filter((pool) => classes.train.includes(pool.class));
  const { seed, ways, queries } = settings;
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
      pools.flatMap((pool) => pool.alignedTargets),
    ),
    strength: data.strength,
    classes,
    pools,
    validationTasks: draw('validation', settings.validationTasks),
    testTasks: draw('test', settings.testTasks),
    sources: new SourceItems(data, seed),
    retrievalPairs: drawRetrievalPairs(data, classes.test, seed),
    notes: notesOf(data, classes),
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
  if (data.pairs.some((pair) => isUsable(pair, data))) return;
  throw new InputError(
    data.pairs.length === 0
      ? 'There are no pairs between the source and the target modality, and training needs them.'
      : `None of the ${data.pairs.length} pairs has a class, and few-shot tasks are made of classes. ` +
          'Say in pairlab.yaml where the classes are.',
  );
}

function notesOf(data: LearningData, { train, validation, test }: ClassSplit): string[] {
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
  if (without > 0) notes.push(`${without} pairs without a class are not used.`);
  if (conflicting > 0) notes.push(`${conflicting} pairs are not used: an item has another class than its pair.`);
  return notes;
}

function preview(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')}, …`;
}
