import { InputError } from '../base/errors.ts';
import { Random } from '../base/random.ts';
import { Modality } from '../protocol.ts';
import { writeCaption } from './caption.ts';
import { className, concepts, drawScene, type Scene } from './concepts.ts';
import { BYSTANDER_SHARE } from './nuisance.ts';
import type { SampleSettings } from './options.ts';

export type Split = 'train' | 'validation' | 'test';

/** Shares of the instances of every class; the rest trains. */
const SPLIT_SHARES = { validation: 0.15, test: 0.15 };

/** What is wrong with an item's file: cut off in its header, a web page under its name, nothing in it, or not there. */
export type FileDamage = 'cut' | 'foreign' | 'empty' | 'missing';

/** The one thing that is wrong with an instance. */
export type Defect =
  | { readonly kind: 'wrong-pair' }
  | { readonly kind: 'wrong-label' }
  | { readonly kind: 'corrupt' | 'missing'; readonly modality: Modality; readonly damage: FileDamage }
  | { readonly kind: 'duplicate' | 'leak'; readonly of: string };

/** One row of the sample: an image, a sound and a caption under one key. */
export interface Instance {
  /** `p0042`; tells nothing of the class. */
  readonly key: string;
  /** The class of its image. */
  readonly class: string;
  /** The class it is filed under. */
  readonly label: string;
  readonly split: Split;
  readonly scene: Scene;
  readonly caption: string;
  /** Key of the instance whose scene the item shows: its own, unless a defect says otherwise. */
  readonly shows: Readonly<Record<Modality, string>>;
  readonly defect?: Defect;
}

/** Decides all of a sample but its pixels and waves; instances in the order of their keys. */
export function planSample(settings: SampleSettings): Instance[] {
  const rounds = drawInstances(settings);
  const counts = countDefects(settings);
  const labels = [...new Set(rounds.map((instance) => instance.class))];
  const { wrongPairs, wrongLabels, damaged } = counts;
  const clean = rounds.slice(wrongPairs + wrongLabels + damaged);
  const planned = [
    ...swapPartners(rounds.slice(0, wrongPairs)),
    ...mislabel(rounds.slice(wrongPairs, wrongPairs + wrongLabels), labels, settings.seed),
    ...damage(rounds.slice(wrongPairs + wrongLabels, wrongPairs + wrongLabels + damaged), clean),
    ...clean,
  ];
  return planned.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * The instances before anything goes wrong, in rounds: every round has one instance of every class, in the same order.
 * Defects are dealt from the front, so they fall evenly on the classes, and neighbours are of different classes.
 */
function drawInstances({ seed, classes, pairsPerClass }: SampleSettings): Instance[] {
  const random = Random.of(seed, 'sample/instances');
  const order = random.shuffle(concepts(classes));
  const total = classes * pairsPerClass;
  const digits = Math.max(4, String(total).length);
  const keys = random.shuffle(Array.from({ length: total }, (_, i) => `p${String(i + 1).padStart(digits, '0')}`));
  const splits = new Map(order.map((concept) => [concept, random.shuffle(splitsOfClass(pairsPerClass))]));
  const taken = new Set<string>();
  return keys.map((key, index) => {
    const concept = order[index % classes] as (typeof order)[number];
    const scene = drawScene(concept, BYSTANDER_SHARE, random);
    const name = className(concept);
    const split = splits.get(concept)?.[Math.floor(index / classes)] ?? 'train';
    const caption = writeNewCaption(scene, taken, random);
    const shows = { image: key, audio: key, text: key };
    return { key, class: name, label: name, split, scene, caption, shows };
  });
}

function splitsOfClass(pairsPerClass: number): Split[] {
  const validation = Math.round(pairsPerClass * SPLIT_SHARES.validation);
  const test = Math.round(pairsPerClass * SPLIT_SHARES.test);
  return Array.from({ length: pairsPerClass }, (_, i) =>
    i < validation ? 'validation' : i < validation + test ? 'test' : 'train',
  );
}

/** Tries before two instances may say the same: only very large samples use all the grammar can say about a scene. */
const CAPTION_TRIES = 20;

function writeNewCaption(scene: Scene, taken: Set<string>, random: Random): string {
  let caption = writeCaption(scene, random);
  for (let tries = 1; tries < CAPTION_TRIES && taken.has(caption); tries++) caption = writeCaption(scene, random);
  taken.add(caption);
  return caption;
}

/** How many instances get each kind of defect; an instance gets at most one, so that a finding has one cause. */
function countDefects(settings: SampleSettings): { wrongPairs: number; wrongLabels: number; damaged: number } {
  const { classes, pairsPerClass } = settings;
  const total = classes * pairsPerClass;
  const atLeast = (minimum: number, share: number): number =>
    share === 0 ? 0 : Math.max(minimum, Math.round(share * total));
  if (settings.wrongPairs > 0 && classes < 3) {
    throw new InputError('Wrong pairs need at least 3 classes: the three items of such a pair are of three classes.');
  }
  const wrongPairs = Math.floor(atLeast(3, settings.wrongPairs) / 3) * 3;
  const wrongLabels = atLeast(1, settings.wrongLabels);
  const damaged = atLeast(DAMAGES.length, settings.damage);
  const touched = wrongPairs + wrongLabels + damaged;
  if (touched > total - classes) {
    throw new InputError(
      `Wrong pairs, wrong labels and damage would touch ${touched} of ${total} instances, but one of each class ` +
        `(${classes} in all) has to stay as it is. Ask for smaller shares or more pairs per class.`,
    );
  }
  return { wrongPairs, wrongLabels, damaged };
}

/** In every three neighbours the sounds move on by one place and the captions by two: no two items belong together. */
function swapPartners(instances: readonly Instance[]): Instance[] {
  return instances.map((instance, index) => {
    const first = index - (index % 3);
    const partner = (step: number): string => instances[first + ((index + step) % 3)]?.key ?? instance.key;
    const shows = { image: instance.key, audio: partner(1), text: partner(2) };
    return { ...instance, shows, defect: { kind: 'wrong-pair' } };
  });
}

function mislabel(instances: readonly Instance[], labels: readonly string[], seed: number): Instance[] {
  const random = Random.of(seed, 'sample/labels');
  return instances.map((instance) => ({
    ...instance,
    label: random.pick(labels.filter((label) => label !== instance.class)),
    defect: { kind: 'wrong-label' },
  }));
}

const DAMAGES = ['corrupt', 'missing', 'duplicate', 'leak'] as const;

/** Ways to spoil a file. A caption can only be empty: any other text is a caption. */
const CORRUPTIONS: readonly { readonly modality: Modality; readonly damage: FileDamage }[] = [
  { modality: 'image', damage: 'cut' },
  { modality: 'audio', damage: 'foreign' },
  { modality: 'text', damage: 'empty' },
  { modality: 'image', damage: 'foreign' },
  { modality: 'audio', damage: 'cut' },
  { modality: 'image', damage: 'empty' },
  { modality: 'audio', damage: 'empty' },
];

/** Deals the kinds of damage in turn. A duplicate or leak shows a clean instance of its own class once more. */
function damage(instances: readonly Instance[], clean: readonly Instance[]): Instance[] {
  return instances.map((instance, index) => {
    const kind = DAMAGES[index % DAMAGES.length] ?? 'corrupt';
    const turn = Math.floor(index / DAMAGES.length);
    if (kind === 'corrupt') {
      const corruption = CORRUPTIONS[turn % CORRUPTIONS.length] ?? { modality: 'image', damage: 'cut' };
      return { ...instance, defect: { kind, ...corruption } };
    }
    if (kind === 'missing') {
      const modality = Modality.options[turn % Modality.options.length] ?? 'image';
      return { ...instance, defect: { kind, modality, damage: 'missing' } };
    }
    const original = clean.find((candidate) => candidate.class === instance.class) ?? instance;
    return repeat(instance, original, kind);
  });
}

function repeat(instance: Instance, original: Instance, kind: 'duplicate' | 'leak'): Instance {
  const { key } = original;
  const elsewhere = original.split === 'train' ? 'test' : 'train';
  const split = kind === 'duplicate' ? original.split : elsewhere;
  return { ...instance, split, shows: { image: key, audio: key, text: key }, defect: { kind, of: key } };
}
