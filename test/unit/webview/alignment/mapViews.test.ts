import { describe, expect, it } from 'vitest';
import type { MapView } from '../../../../src/protocol.ts';
import { viewOfMap, withOutline, withSight } from '../../../../webview/alignment/mapViews.ts';

const pca = { report: 'a', projection: 'pca' } as const;
const umap = { report: 'a', projection: 'umap' } as const;
const sight = { x: 1, y: 2, zoom: 3 };
const outline = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
];

describe('how maps were left', () => {
  it('is kept for each report and projection by itself', () => {
    const views = withSight(withSight([], pca, sight), umap, { ...sight, zoom: 5 });
    expect(viewOfMap(views, pca).sight).toEqual(sight);
    expect(viewOfMap(views, umap).sight?.zoom).toBe(5);
    expect(viewOfMap(views, { ...pca, report: 'b' }).sight).toBeUndefined();
  });

  it('forgets the sight when all of the map is shown again, but not what is chosen', () => {
    const views = withSight(withOutline(withSight([], pca, sight), pca, outline), pca, undefined);
    expect(viewOfMap(views, pca)).toEqual({ ...pca, outline });
  });

  it('has points chosen on one map at most', () => {
    const views = withOutline(withOutline(withSight([], pca, sight), pca, outline), umap, outline);
    expect(viewOfMap(views, pca)).toEqual({ ...pca, sight });
    expect(viewOfMap(views, umap)).toEqual({ ...umap, outline });
    expect(withOutline(views, umap, []).some((view) => view.outline)).toBe(false);
  });

  it('is kept of the last few maps', () => {
    let views: MapView[] = [];
    for (let report = 0; report < 9; report++) views = withSight(views, { ...pca, report: String(report) }, sight);
    expect(views.map(({ report }) => report)).toEqual(['3', '4', '5', '6', '7', '8']);
  });
});
