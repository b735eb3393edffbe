import { InputError } from '../base/errors.ts';
import type { Modality } from '../protocol.ts';

/** What a starter experiment is made from. */
export interface TemplateInput {
  /** As the experiment file names it: relative to that file. */
  readonly dataset: string;
  readonly source: Modality;
  readonly target: Modality;
  /** Different target items of each class that take part in a pair. */
  readonly itemsPerClass: readonly number[];
  readonly seeds: readonly number[];
}

interface Protocol {
  readonly ways: number;
  readonly shots: readonly number[];
  readonly queries: number;
  readonly validationClasses: number;
  readonly testClasses: number;
}

const FEWEST_CLASSES = 6;
/** With all classes in an alignment task, where CROMA did best on samples (docs/reproduction.md). */
const LEARNING_RATE = 0.003;

/**
 * The text of a starter *.experiment.yaml whose tasks the dataset can fill: as many ways and shots as its classes and
 * items allow, at most 5-way and 10-shot.
 * @throws InputError when there are too few classes for any task on new classes.
 */
export function draftExperiment(input: TemplateInput): string {
  const { ways, shots, queries, validationClasses, testClasses } = protocolFor(input.itemsPerClass);
  return `# What can a model learn about ${input.target} from ${input.source}, when ${input.target} labels are scarce?
dataset: ${JSON.stringify(input.dataset)}
source: ${input.source} # labels are plentiful here
target: ${input.target} # and scarce here: k of them per class
methods:
  - croma # meta-learned classification and alignment
  - align-classify # aligned, but not meta-trained
  - scratch # the k labels alone

ways: ${ways} # classes of a task
shots: [${shots.join(', ')}] # k: labelled items per class
queries: ${queries} # items per class on which a task is scored
validationClasses: ${validationClasses} # ${inWords(validationClasses)} that choose the best iterate
testClasses: ${testClasses} # ${inWords(testClasses)} that no training sees
testTasks: 200
iterations: 400
learningRate: ${LEARNING_RATE}
alignmentWays: ${input.itemsPerClass.length} # classes of an alignment task: all that are left
seeds: [${input.seeds.join(', ')}] # a run per method and seed
backend: auto
`;
}

function inWords(classes: number): string {
  return classes > 0 && classes < 1 ? 'the share of the classes' : 'the number of classes';
}

function protocolFor(itemsPerClass: readonly number[]): Protocol {
  for (const { shots, queries } of TASK_SIZES) {
    const most = Math.max(...shots);
    const usable = itemsPerClass.filter((items) => items >= most + queries).length;
    const split = CLASS_SPLITS.find(({ fewest }) => usable >= fewest);
    if (split !== undefined) return { shots, queries, ...split };
  }
  throw new InputError(
    `An experiment on new classes needs at least ${FEWEST_CLASSES} classes with ${1 + LEAST_QUERIES} or more paired items each; ` +
      `this snapshot has ${itemsPerClass.filter((items) => items > LEAST_QUERIES).length}. ` +
      'Name the class column or folder in pairlab.yaml, or add data.',
  );
}

const LEAST_QUERIES = 5;

/** From the largest tasks to the smallest. */
const TASK_SIZES = [
  { shots: [1, 5, 10], queries: 10 },
  { shots: [1, 5], queries: LEAST_QUERIES },
  { shots: [1], queries: LEAST_QUERIES },
] as const;

/** How many usable classes it takes to test on how many new ones; without enough to spare, none choose the iterate. */
const CLASS_SPLITS = [
  { fewest: 34, ways: 5, validationClasses: 0.15, testClasses: 0.15 },
  { fewest: 20, ways: 5, validationClasses: 5, testClasses: 5 },
  { fewest: 15, ways: 3, validationClasses: 3, testClasses: 3 },
  { fewest: 9, ways: 3, validationClasses: 0, testClasses: 3 },
  { fewest: FEWEST_CLASSES, ways: 2, validationClasses: 0, testClasses: 2 },
] as const;
