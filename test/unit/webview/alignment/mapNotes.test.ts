import { describe, expect, it } from 'vitest';
import { failureOf, mapNotes } from '../../../../webview/alignment/mapNotes.ts';

const report = { id: 'r', pairs: 25_000 };
const pca = { projection: 'pca', pairs: 25_000 } as const;

describe('what is said above a map', () => {
  it('is nothing where it is what was chosen, with all pairs', () => {
    expect(mapNotes(pca, report, 'pca', '')).toEqual([]);
  });

  it('is how many of the pairs it shows, where it is a sample', () => {
    const umap = { projection: 'umap', pairs: 10_000 } as const;
    expect(mapNotes(umap, report, 'umap', '')).toEqual(['UMAP shows 10,000 of 25,000\u00a0pairs, drawn at random.']);
  });

  it('is what it still shows while another projection is under way, or cannot be', () => {
    expect(mapNotes(pca, report, 'umap', '')).toEqual([
      'UMAP is being computed. Until it is there, this is still PCA.',
    ]);
    const failure = { report: 'r', projection: 'umap', sentence: 'Its process ended.' } as const;
    expect(mapNotes(pca, report, 'umap', failureOf(failure, report, 'umap'))).toEqual([
      'UMAP is not there: Its process ended. This is still PCA.',
    ]);
    expect(failureOf(failure, report, 'pca')).toBe('');
    expect(failureOf(failure, { id: 'other' }, 'umap')).toBe('');
  });
});
