import { describe, expect, it } from 'vitest';
import {
  countProblems,
  type DatasetRow,
  datasetChildren,
  isMoreRow,
  keyWithinGroups,
  nextLevel,
  pairRow,
  withMore,
} from '../../../src/editor/explorer/rows.ts';
import type { DatasetSummary, PairRow, SnapshotSummary } from '../../../src/protocol.ts';

const snapshot: SnapshotSummary = {
  id: 's1',
  data: 'd1',
  contents: {},
  decoded: false,
  created: '2026-01-01T00:00:00Z',
  items: { image: 2, audio: 2 },
  pairs: [{ first: 'image', second: 'audio', strength: 'strong', count: 2 }],
  classes: ['cat', 'dog'],
  splits: ['train', 'test'],
  unpaired: 0,
  excluded: 0,
  problems: {},
};

function datasetRow(fields: Partial<SnapshotSummary>): DatasetRow {
  const summary: DatasetSummary = { name: 'demo', path: '/w/pairlab.yaml', snapshot: { ...snapshot, ...fields } };
  return { row: 'dataset', id: summary.path, dataset: summary.path, summary };
}

function pair(id: string): PairRow {
  return {
    id,
    key: id,
    first: { modality: 'image', item: `${id}.png` },
    second: { modality: 'audio', item: `${id}.wav` },
    strength: 'strong',
    problems: 0,
    excluded: false,
  };
}

describe('rows below a dataset', () => {
  it('leave out the level of modalities when there is one pair of them only', () => {
    expect(datasetChildren(datasetRow({}))).toEqual([]);
  });

  it('are a row for each two modalities when several pair, each with its filter', () => {
    const row = datasetRow({
      pairs: [...snapshot.pairs, { first: 'text', second: 'image', strength: 'weak', count: 5 }],
    });
    const children = datasetChildren(row);
    expect(children.map((child) => 'filter' in child && child.filter)).toEqual([
      { modalities: { first: 'image', second: 'audio' } },
      { modalities: { first: 'text', second: 'image' } },
    ]);
    expect(new Set(children.map(({ id }) => id)).size).toBe(2);
  });

  it('end with the problems, counted over all kinds', () => {
    const row = datasetRow({ problems: { 'missing-counterpart': 3, 'exact-duplicate': 2 } });
    expect(countProblems(row.summary)).toBe(5);
    expect(datasetChildren(row)).toMatchObject([{ row: 'problems', count: 5 }]);
  });
});

describe('levels of the explorer', () => {
  const { summary } = datasetRow({});
  it('are split, then class, then pairs', () => {
    expect(nextLevel(summary, {})).toBe('split');
    expect(nextLevel(summary, { split: 'train' })).toBe('class');
    expect(nextLevel(summary, { split: 'train', class: 'cat' })).toBe('pairs');
  });

  it('that the dataset does not have are left out', () => {
    expect(nextLevel(datasetRow({ splits: [] }).summary, {})).toBe('class');
    expect(nextLevel(datasetRow({ splits: [], classes: [] }).summary, {})).toBe('pairs');
  });

  it('treat pairs without a split as a group of their own', () => {
    expect(nextLevel(summary, { split: '' })).toBe('class');
  });
});

describe('a long list', () => {
  it('ends with a row that loads more, which says how many are shown', () => {
    const parent = datasetRow({});
    const shown = ['a', 'b'].map((id) => pairRow(parent, pair(id)));
    const rows = withMore(parent, shown, 5);
    expect(rows.at(-1)).toMatchObject({ row: 'more', shown: 2, total: 5, parent });
    expect(rows.map(isMoreRow)).toEqual([false, false, true]);
  });

  it('has no such row when all of it is shown', () => {
    const parent = datasetRow({});
    expect(withMore(parent, [pairRow(parent, pair('a'))], 1)).toHaveLength(1);
  });
});

describe('the key of a pair in the explorer', () => {
  it('leaves out the split and the class that stand above it', () => {
    expect(keyWithinGroups({ ...pair('train/cat/p1'), split: 'train', class: 'cat' })).toBe('p1');
    expect(keyWithinGroups({ ...pair('cat/deep/p1'), class: 'cat' })).toBe('deep/p1');
  });

  it('keeps a key that only looks like them', () => {
    expect(keyWithinGroups({ ...pair('cat'), class: 'cat' })).toBe('cat');
    expect(keyWithinGroups({ ...pair('p1/cat'), class: 'cat' })).toBe('p1/cat');
  });
});
