import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { checkSettings, type SampleOptions } from '../../../src/sample/options.ts';
import { type Instance, planSample } from '../../../src/sample/plan.ts';

const plan = (options: Omit<SampleOptions, 'force'> = {}): Instance[] => planSample(checkSettings(options));
const having = (instances: readonly Instance[], kind: string) =>
  instances.filter(({ defect }) => defect?.kind === kind);

describe('the plan of a sample', () => {
  it('has 48 classes of 20 instances by default, none with a defect', () => {
    const instances = plan();
    expect(new Set(instances.map((instance) => instance.class)).size).toBe(48);
    expect(instances).toHaveLength(960);
    expect(instances.filter(({ defect }) => defect !== undefined)).toEqual([]);
    expect(instances.every(({ key, shows }) => shows.image === key && shows.audio === key && shows.text === key)).toBe(
      true,
    );
  });

  it('puts 14 instances of every class into train and 3 each into validation and test', () => {
    const instances = plan({ classes: 5 });
    for (const name of new Set(instances.map((instance) => instance.class))) {
      const splits = instances.filter((instance) => instance.class === name).map(({ split }) => split);
      expect(splits.filter((split) => split === 'train')).toHaveLength(14);
      expect(splits.filter((split) => split === 'validation')).toHaveLength(3);
      expect(splits.filter((split) => split === 'test')).toHaveLength(3);
    }
  });

  it('says nothing twice', () => {
    const captions = plan().map(({ caption }) => caption);
    expect(new Set(captions).size).toBe(captions.length);
  });

  it('is the same for the same seed and another for another seed', () => {
    expect(plan({ classes: 4, seed: 7 })).toEqual(plan({ classes: 4, seed: 7 }));
    expect(plan({ classes: 4, seed: 7 })).not.toEqual(plan({ classes: 4, seed: 8 }));
  });

  it('takes the three items of a wrong pair from three classes, and loses no item', () => {
    const wrong = having(plan({ wrongPairs: 0.1 }), 'wrong-pair');
    const classOf = new Map(wrong.map((instance) => [instance.key, instance.class]));
    expect(wrong).toHaveLength(96);
    for (const { shows } of wrong) {
      expect(new Set([shows.image, shows.audio, shows.text].map((key) => classOf.get(key))).size).toBe(3);
    }
    expect(wrong.map(({ shows }) => shows.audio).sort()).toEqual([...classOf.keys()].sort());
    expect(wrong.map(({ shows }) => shows.text).sort()).toEqual([...classOf.keys()].sort());
  });

  it('files a wrong label under another class, and every other instance under its own', () => {
    const instances = plan({ wrongLabels: 0.25 });
    const wrong = having(instances, 'wrong-label');
    expect(wrong).toHaveLength(240);
    expect(instances.filter((instance) => instance.label !== instance.class)).toEqual(wrong);
  });

  it('shares damage out evenly among its four kinds', () => {
    const instances = plan({ damage: 0.05 });
    for (const kind of ['corrupt', 'missing', 'duplicate', 'leak']) expect(having(instances, kind)).toHaveLength(12);
  });

  it('repeats a clean instance of the same class: a duplicate in its split, a leak in another', () => {
    const instances = plan({ damage: 0.2, wrongPairs: 0.2 });
    const byKey = new Map(instances.map((instance) => [instance.key, instance]));
    for (const kind of ['duplicate', 'leak'] as const) {
      for (const instance of having(instances, kind)) {
        const original = byKey.get(instance.shows.image);
        expect(original?.defect).toBeUndefined();
        expect(original?.class).toBe(instance.class);
        expect(original?.key).not.toBe(instance.key);
        expect(original?.split === instance.split).toBe(kind === 'duplicate');
      }
    }
  });

  it('keeps every kind of noise at its share when all are asked for at once', () => {
    const instances = plan({ wrongPairs: 0.1, wrongLabels: 0.1, damage: 0.1 });
    const counts = ['wrong-pair', 'wrong-label', 'corrupt', 'missing', 'duplicate', 'leak'].map(
      (kind) => having(instances, kind).length,
    );
    expect(counts).toEqual([96, 96, 24, 24, 24, 24]);
  });

  it('refuses noise that leaves no clean instance of a class', () => {
    expect(() => plan({ classes: 4, pairsPerClass: 5, wrongPairs: 0.5, wrongLabels: 0.5 })).toThrow(
      'Wrong pairs, wrong labels and damage would touch 19 of 20 instances, but one of each class (4 in all) has to stay',
    );
  });

  it('refuses wrong pairs of two classes', () => {
    expect(() => plan({ classes: 2, wrongPairs: 0.3 })).toThrow(InputError);
  });
});

describe('the options of a sample', () => {
  it.each([
    [{ classes: 49 }, "The sample's option classes must be a whole number from 2 to 48."],
    [{ classes: 1 }, "The sample's option classes must be a whole number from 2 to 48."],
    [{ pairsPerClass: 2.5 }, "The sample's option pairsPerClass must be a whole number from 2 to 10000."],
    [{ wrongPairs: 1.5 }, "The sample's option wrongPairs must be a share from 0 to 1."],
    [{ damage: Number.NaN }, "The sample's option damage must be a share from 0 to 1."],
    [{ seed: -1 }, "The sample's option seed must be a whole number from 0 to 4294967295."],
  ])('refuse %j in a sentence', (options, sentence) => {
    expect(() => checkSettings(options)).toThrow(new InputError(sentence));
  });
});
