import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { type ClassSupply, splitClasses } from '../../../src/learning/splits.ts';

const settings: Settings = { ...defaultSettings, ways: 3, shots: [1, 5], queries: 5 };
const supply = (classes: number, targets = 20): ClassSupply[] =>
  Array.from({ length: classes }, () => ({ targets, trainable: true }));

function failure(supplied: ClassSupply[], changed: Partial<Settings>): string {
  try {
    splitClasses(supplied, { ...settings, ...changed });
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('splitting the classes', () => {
  test('takes the shares of 40 classes', () => {
    const split = splitClasses(supply(40), settings);
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([28, 6, 6]);
  });

  test('raises a share to `ways`, and leaves validation out where fewer than half of the classes would train', () => {
    const split = splitClasses(supply(10), settings);
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([7, 0, 3]);
  });

  test('takes numbers of classes as they stand', () => {
    const split = splitClasses(supply(10), { ...settings, validationClasses: 3, testClasses: 4 });
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([3, 3, 4]);
  });

  test('tests only on classes with enough target items, and trains only on trainable ones', () => {
    const mixed = [...supply(6), ...supply(6, 9), ...supply(3).map((each) => ({ ...each, trainable: false }))];
    const split = splitClasses(mixed, settings);
    for (const index of [...split.test, ...split.validation]) expect(mixed[index]?.targets).toBe(20);
    for (const index of split.train) expect(mixed[index]?.trainable).toBe(true);
  });

  test('is decided by the seed', () => {
    expect(splitClasses(supply(40), settings)).toEqual(splitClasses(supply(40), settings));
    expect(splitClasses(supply(40), settings)).not.toEqual(splitClasses(supply(40), { ...settings, seed: 1 }));
  });

  test('never shares a class between two parts, and leaves at least `ways` for training and test', () => {
    const classes = fc.array(fc.record({ targets: fc.nat(30), trainable: fc.boolean() }), { maxLength: 40 });
    const share = fc.constantFrom(0, 0.1, 0.15, 0.3, 0.5, 2, 3, 4, 6);
    fc.assert(
      fc.property(classes, fc.integer({ min: 2, max: 6 }), share, share, fc.nat(), (supplied, ways, v, t, seed) => {
        const asked = { ...settings, ways, validationClasses: v, testClasses: t, seed };
        let split: ReturnType<typeof splitClasses>;
        try {
          split = splitClasses(supplied, asked);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        const all = [...split.train, ...split.validation, ...split.test];
        expect(new Set(all).size).toBe(all.length);
        expect(split.train.length).toBeGreaterThanOrEqual(ways);
        expect(split.test.length).toBeGreaterThanOrEqual(ways);
        expect(split.validation.length === 0 || split.validation.length >= ways).toBe(true);
        for (const index of [...split.validation, ...split.test]) {
          expect(supplied[index]?.targets).toBeGreaterThanOrEqual(10);
        }
      }),
    );
  });
});

describe('what cannot be split is refused with what is possible', () => {
  test('more ways than classes', () => {
    expect(failure(supply(10), { ways: 12 })).toBe(
      '`ways: 12`, `shots` up to 5 and `queries: 5` need 12 classes with at least 10 target items each to test on; ' +
        '10 of 10 classes have that many. Possible: ways up to 5 with these shots and queries.',
    );
  });

  test('more shots and queries than items', () => {
    expect(failure(supply(10, 17), { shots: [5, 10], queries: 10 })).toBe(
      '`ways: 3`, `shots` up to 10 and `queries: 10` need 3 classes with at least 20 target items each to test on; ' +
        '0 of 10 classes have that many. Possible: shots + queries up to 17 with these ways.',
    );
  });

  test('classes without an item in the target modality', () => {
    const oneSided = [...supply(2), ...supply(8).map((each) => ({ ...each, targets: 0 }))];
    expect(failure(oneSided, { ways: 3 })).toContain(
      '2 of 10 classes have that many, and 8 have none at all. Possible: ways up to 2 with these shots and queries.',
    );
  });

  test('too few classes left to meta-train on', () => {
    expect(failure(supply(8), { ways: 5 })).toBe(
      '`ways: 5` needs 5 classes to meta-train on besides the 5 kept for the test; 3 are left of the 8 classes with ' +
        'pairs (8 classes in all). Set ways to 4 or less, or lower testClasses.',
    );
  });

  test('a number of test classes below ways or above what there is', () => {
    expect(failure(supply(10), { testClasses: 2 })).toContain('Set testClasses from 3 to 10.');
    expect(failure(supply(10), { testClasses: 11 })).toContain('Set testClasses from 3 to 10.');
  });

  test('a number of validation classes that leaves too few to train', () => {
    expect(failure(supply(10), { validationClasses: 6 })).toBe(
      '`validationClasses: 6` leaves 1 of 10 classes to meta-train on, and `ways: 3` needs 3. ' +
        'Set validationClasses to 0, or lower ways or testClasses.',
    );
  });

  test('no classes at all', () => {
    expect(failure([], {})).toContain('The dataset has too few classes with items.');
  });
});
