import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ExperimentConfig } from '../../../src/experiment/config.ts';
import { draftExperiment } from '../../../src/experiment/template.ts';

function draft(classes: number, items: number): ExperimentConfig {
  const itemsPerClass = Array.from({ length: classes }, () => items);
  const text = draftExperiment({
    dataset: 'pairlab.yaml',
    source: 'image',
    target: 'audio',
    itemsPerClass,
    seeds: [3, 4],
  });
  return ExperimentConfig.parse(parse(text));
}

describe('a starter experiment', () => {
  it('is 5-way with up to 10 shots where classes and items allow it', () => {
    expect(draft(48, 20)).toMatchObject({
      ways: 5,
      shots: [1, 5, 10],
      queries: 10,
      source: 'image',
      target: 'audio',
      seeds: [3, 4],
    });
  });

  it('aligns all classes at once, at the rate that goes with it', () => {
    expect(draft(48, 20)).toMatchObject({ alignmentWays: 48, learningRate: 0.003 });
  });

  it('keeps ways within the test classes that are left', () => {
    expect(draft(10, 300)).toMatchObject({ ways: 3, testClasses: 3, validationClasses: 0 });
    expect(draft(6, 300)).toMatchObject({ ways: 2, testClasses: 2, validationClasses: 0 });
  });

  it('asks for fewer shots where classes are small', () => {
    expect(draft(48, 12)).toMatchObject({ shots: [1, 5], queries: 5 });
    expect(draft(48, 6)).toMatchObject({ shots: [1], queries: 5 });
  });

  it('says what is missing when no task on new classes can be made', () => {
    expect(() => draft(5, 100)).toThrow(/at least 6 classes with 6 or more paired items each; this snapshot has 5/);
    expect(() => draft(50, 3)).toThrow(/this snapshot has 0/);
  });
});
