import { describe, expect, it } from 'vitest';
import { AlignmentMap } from '../../../../src/protocol.ts';
import { itemsOfPoints, pairsOfPoints, pointsOfItems } from '../../../../webview/alignment/mapData.ts';

const points = (...list: number[]) => Uint32Array.from(list);

describe('what is chosen on a map', () => {
  const map = mapOf(['a', 'b', 'c'], [7, 3, 5]);

  it('are pairs of the report, each once', () => {
    expect(pairsOfPoints(map, points(0, 1, 5))).toEqual([7, 5]);
  });

  it('is the same items on another map, as far as they are there', () => {
    const other = mapOf(['c', 'd', 'a']);
    expect(pointsOfItems(other, itemsOfPoints(map, points(0, 2, 4, 5)))).toEqual(points(0, 1, 4));
    expect(pointsOfItems(map, itemsOfPoints(map, points(1, 2)))).toEqual(points(1, 2));
    expect(pointsOfItems(other, itemsOfPoints(map, points()))).toEqual(points());
  });
});

function mapOf(ids: string[], indices: number[] = []): AlignmentMap {
  const base64 = Buffer.from(Uint32Array.from(indices).buffer).toString('base64');
  return AlignmentMap.parse({
    report: 'r',
    projection: 'pca',
    pairs: ids.length,
    indices: base64,
    ids,
    keys: ids,
    positions: '',
    classOf: '',
    splitOf: '',
    classes: [],
    splits: [],
    mismatch: '',
    rank: '',
  });
}
