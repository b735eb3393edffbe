import { describe, expect, test } from 'vitest';
import { drawGalleries, retrieve } from '../../../src/learning/galleries.ts';
import { concepts } from '../../engine/learning/concepts.ts';

const gallery = { sources: [0, 1, 2, 3], targets: [4, 5, 6, 7], groups: [0, 1, 2, 3] };

/** Unit vectors by angle in degrees. */
const at = (...degrees: number[]) =>
  degrees.map((degree) => Float32Array.of(Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)));

describe('recall among pairs of new classes', () => {
  test('counts the queries that find their partner first, each way', async () => {
    // Target 1 lies between sources 1 and 2, nearer to 2; all others lie on their partners.
    const found = await retrieve([gallery], async (side) =>
      side === 'source' ? at(0, 40, 80, 120) : at(0, 65, 80, 120),
    );
    const share = (from: string, k: number) => found.find((one) => one.from === from && one.k === k)?.values;
    expect(share('source', 1)).toEqual([1]);
    expect(share('target', 1)).toEqual([0.75]);
    expect(share('target', 5)).toEqual([1]);
    expect(found.map(({ chance }) => chance)).toEqual([0.25, 1, 0.25, 1]);
  });

  test('takes any item of the class for a match of weak pairs, and knows what chance finds then', async () => {
    const weak = { ...gallery, groups: [7, 7, 8, 9] };
    const found = await retrieve([weak], async (side) => (side === 'source' ? at(0, 10, 80, 120) : at(10, 0, 80, 120)));
    expect(found[0]).toMatchObject({ from: 'source', k: 1, values: [1] });
    expect(found[0]?.chance).toBeCloseTo((2 / 4 + 2 / 4 + 1 / 4 + 1 / 4) / 4, 12);
  });

  test('gives nothing away for vectors that are all alike', async () => {
    const found = await retrieve([gallery], async () => at(30, 30, 30, 30));
    expect(found[0]?.values).toEqual([0]);
  });

  test('is over pairs of the given classes, no item twice, the same for a seed', () => {
    const data = concepts({ classes: 6, itemsPerClass: 20 });
    const galleries = drawGalleries(data, [2, 5, 4], 1);
    expect(galleries).toHaveLength(20);
    for (const { sources, targets } of galleries) {
      expect(new Set(sources).size).toBe(50);
      expect(new Set(targets).size).toBe(50);
      expect(sources.every((row) => [2, 4, 5].includes(data.source.classes[row] ?? -1))).toBe(true);
      expect(targets).toEqual(sources);
    }
    expect(drawGalleries(data, [2, 5, 4], 1)).toEqual(galleries);
    expect(drawGalleries(data, [2, 5, 4], 2)).not.toEqual(galleries);
    expect(drawGalleries({ ...data, pairs: [] }, [2], 1)).toEqual([]);
  });
});
