import { InputError } from '../base/errors.ts';
import { Random } from '../base/random.ts';
import type { Settings } from './settings.ts';

/** Class indices; no class is in two of the lists. */
export interface ClassSplit {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/** What a class can be used for. */
export interface ClassSupply {
  /** Target items with this class: a test task takes shots + queries of them. */
  readonly targets: number;
  /** It has source items both to align and to classify. */
  readonly trainable: boolean;
}

/**
 * Splits the classes by seed (CROMA splits by class: methods.md 1.2). Test comes first, from the classes with enough
 * target items for a task; then validation, likewise; all other trainable classes are for meta-training. A share of the
 * classes is raised to `ways`, and validation by share is left out where it would leave fewer than half of the classes
 * to train.
 * @throws InputError when there are too few classes or items, with what is possible.
 */
export function splitClasses(supply: readonly ClassSupply[], settings: Settings): ClassSplit {
  const { ways } = settings;
  const items = itemsPerClass(settings);
  const order = Random.of(settings.seed, 'class split').shuffle(supply.map((_, index) => index));
  const testable = order.filter((index) => (supply[index]?.targets ?? 0) >= items);
  requireTestable(supply, testable.length, settings);

  const testCount = wanted(settings.testClasses, 'testClasses', supply.length, ways, testable.length);
  const test = testable.slice(0, testCount);
  const rest = testable.slice(testCount);
  const trainable = order.filter((index) => supply[index]?.trainable && !test.includes(index));
  requireTrainable(trainable.length, testCount, settings, supply);

  const validation = rest.slice(0, validationCount(supply.length, rest, trainable, settings));
  const train = trainable.filter((index) => !validation.includes(index));
  if (train.length < ways) {
    throw new InputError(
      `\`validationClasses: ${settings.validationClasses}\` leaves ${train.length} of ${supply.length} classes to meta-train ` +
        `on, and \`ways: ${ways}\` needs ${ways}. Set validationClasses to 0, or lower ways or testClasses.`,
    );
  }
  return { train, validation, test };
}

/** Target items of each class that one task takes. */
export function itemsPerClass(settings: Settings): number {
  return Math.max(...settings.shots) + settings.queries;
}

/** Validation by share gives way to meta-training; a number of classes is meant as it stands. */
function validationCount(classes: number, rest: number[], trainable: number[], settings: Settings): number {
  const { validationClasses, ways } = settings;
  if (validationClasses >= 1) return wanted(validationClasses, 'validationClasses', classes, ways, rest.length);
  if (validationClasses === 0) return 0;
  const count = Math.max(ways, Math.round(validationClasses * classes));
  const left = trainable.length - count;
  return count <= rest.length && left >= ways && left >= classes / 2 ? count : 0;
}

/** A share (below 1) of all classes, at least `ways` and at most what there is; or a number, checked. */
function wanted(value: number, field: string, classes: number, ways: number, available: number): number {
  if (value < 1) return Math.min(available, Math.max(ways, Math.round(value * classes)));
  if (value >= ways && value <= available) return value;
  throw new InputError(
    `\`${field}: ${value}\` is not possible with \`ways: ${ways}\`: it must be at least ${ways}, and ${available} ` +
      `${available === 1 ? 'class is' : 'classes are'} left with enough target items. ` +
      (available >= ways ? `Set ${field} from ${ways} to ${available}.` : `Set ${field} to 0 or lower ways.`),
  );
}

function requireTestable(supply: readonly ClassSupply[], testable: number, settings: Settings): void {
  const { ways, queries, shots } = settings;
  if (testable >= ways) return;
  const counts = supply.map(({ targets }) => targets).sort((a, b) => b - a);
  const empty = counts.filter((count) => count === 0).length;
  const most = counts[ways - 1] ?? 0;
  const possibleWays = Math.min(testable, mostWays(supply));
  const possible = [
    ...(possibleWays >= 2 ? [`ways up to ${possibleWays} with these shots and queries`] : []),
    ...(most >= 2 ? [`shots + queries up to ${most} with these ways`] : []),
  ];
  throw new InputError(
    `\`ways: ${ways}\`, \`shots\` up to ${Math.max(...shots)} and \`queries: ${queries}\` need ${ways} classes with at ` +
      `least ${itemsPerClass(settings)} target items each to test on; ${testable} of ${supply.length} classes have that ` +
      `many${empty === 0 ? '' : `, and ${empty} have none at all`}. ${possible.length > 0 ? `Possible: ${possible.join(', or ')}.` : 'The dataset has too few classes with items.'}`,
  );
}

function requireTrainable(left: number, test: number, settings: Settings, supply: readonly ClassSupply[]): void {
  const { ways } = settings;
  if (left >= ways) return;
  const trainable = supply.filter((supplied) => supplied.trainable).length;
  const possible = mostWays(supply);
  throw new InputError(
    `\`ways: ${ways}\` needs ${ways} classes to meta-train on besides the ${test} kept for the test; ${left} are left ` +
      `of the ${trainable} classes with pairs (${supply.length} classes in all). ` +
      (possible >= 2 ? `Set ways to ${possible} or less, or lower testClasses.` : 'Add pairs of more classes.'),
  );
}

/** Half of the trainable classes to meta-train on, half for the test. */
function mostWays(supply: readonly ClassSupply[]): number {
  return Math.floor(supply.filter(({ trainable }) => trainable).length / 2);
}
