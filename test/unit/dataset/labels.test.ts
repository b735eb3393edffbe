import { describe, expect, it } from 'vitest';
import { compareClasses, compareSplits, distinctLabels } from '../../../src/dataset/labels.ts';

describe('labels', () => {
  it('list splits in the order of their use, whatever they are called', () => {
    const splits = ['test', 'extra', undefined, 'dev', 'train', 'test'];
    expect(distinctLabels(splits, compareSplits)).toEqual(['train', 'dev', 'test', 'extra']);
  });

  it('sort classes as people do', () => {
    expect(distinctLabels(['item 10', 'item 2', 'a'], compareClasses)).toEqual(['a', 'item 2', 'item 10']);
  });
});
