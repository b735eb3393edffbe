import { expect, test } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { advise } from '../../../src/learning/advice/advise.ts';
import type { LearningData } from '../../../src/learning/data.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import { defaultSettings } from '../../../src/learning/settings.ts';
import { concepts } from './concepts.ts';

const settings = { ...defaultSettings, shots: [1, 5], testTasks: 2, validationTasks: 2 };
const data = concepts({ classes: 40, itemsPerClass: 20 });
const adviceOn = (given: LearningData) => advise(planEpisodes(given, settings), settings);

/** The same items with other vectors in the source, which know nothing of the target. */
function unrelated(): LearningData {
  const random = Random.of(1);
  const vectors = Float32Array.from({ length: data.source.rows * 16 }, () => random.normal());
  return { ...data, source: vectorInputs(16, vectors, data.source.classes) };
}

test('advice on concepts with an easy source and a hard target is that alignment is likely to pay, with the evidence', () => {
  const { verdict, reasons, evidence } = adviceOn(data);
  expect(verdict).toBe('likely');
  expect(evidence.heldOut?.mapped).toBeGreaterThan(evidence.heldOut?.target ?? 1);
  expect(evidence.heldOut?.source).toBeGreaterThan(evidence.heldOut?.target ?? 1);
  expect(evidence.shared?.p).toBe(0.01);
  expect(reasons[0]).toBe('28 classes to train on, with 10 pairs each (median).');
  expect(reasons.join(' ')).toContain('what the pairs teach carries over to new classes');
});

test('advice on a source that has nothing to do with the target is that alignment is unlikely to pay', () => {
  const { verdict, reasons } = adviceOn(unrelated());
  expect(verdict).toBe('unlikely');
  expect(reasons.join(' ')).toContain('do not visibly share structure');
});

test('advice is uncertain, and says why, where there are too few classes to hold some out', () => {
  const few = { ...settings, ways: 2, validationClasses: 0, testClasses: 2 };
  const { verdict, reasons, evidence } = advise(planEpisodes(concepts({ classes: 4, itemsPerClass: 20 }), few), few);
  expect(verdict).toBe('uncertain');
  expect(reasons).toContain('Too few classes or items to hold some out and try.');
  expect(evidence.heldOut).toBeUndefined();
});

test('advice for the same seed is the same', () => {
  expect(adviceOn(data)).toEqual(adviceOn(data));
});
