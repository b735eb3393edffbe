import { expect, test } from 'vitest';
import type { LearningData } from '../../../src/learning/data.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { concepts } from './concepts.ts';

const settings: Settings = {
  ...defaultSettings,
  ways: 3,
  shots: [2],
  queries: 4,
  validationClasses: 0,
  testClasses: 3,
};

/** Classes 0 … 7 in the source and 6 … 11 in the target: two are in both. */
function twoDatasets(): LearningData {
  const { source, target, ...rest } = concepts({ classes: 12, itemsPerClass: 12 });
  const only = (classes: Int32Array, keep: (label: number) => boolean) =>
    classes.map((label) => (keep(label) ? label : -1));
  return {
    ...rest,
    source: { ...source, classes: only(source.classes, (label) => label < 8) },
    target: { ...target, classes: only(target.classes, (label) => label >= 6) },
    pairs: [],
    areApart: true,
  };
}

test('a source of another dataset trains on its own classes, and no test class is among them', () => {
  for (const seed of [0, 1, 2, 3]) {
    const { classes, pools, testTasks, notes } = planEpisodes(twoDatasets(), { ...settings, seed });
    expect(classes.test.every((label) => label >= 6)).toBe(true);
    expect(classes.train.every((label) => label < 8 && !classes.test.includes(label))).toBe(true);
    expect(classes.train.length).toBe(8 - classes.test.filter((label) => label < 8).length);
    expect(pools.every(({ pairs, classification }) => pairs.length === 0 && classification.length === 12)).toBe(true);
    expect(new Set(testTasks.flatMap((task) => task.classes))).toEqual(new Set(classes.test));
    expect(notes.filter((note) => note.includes('modality'))).toEqual([]);
  }
});

test('a target of which training sees nothing is normalised over all its items, without their labels', () => {
  const { target } = planEpisodes(twoDatasets(), settings);
  const values = target.gather([...target.classes.keys()]);
  expect(values.reduce((sum, value) => sum + value * value, 0) / values.length).toBeCloseTo(1, 4);
});

test('without pairs nothing is planned where source and target are of one dataset', () => {
  expect(() => planEpisodes({ ...twoDatasets(), areApart: false }, settings)).toThrow(/There are no pairs/);
});
