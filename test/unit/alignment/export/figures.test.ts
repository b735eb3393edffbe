import { describe, expect, it } from 'vitest';
import { drawMap } from '../../../../src/alignment/export/figures.ts';
import { AlignmentMap } from '../../../../src/protocol.ts';
import { report } from '../madeReport.ts';

describe('the map of an exported report', () => {
  it('has a circle for the first item of each pair and a diamond for the second, and says so', () => {
    const { title, svg } = drawMap(report(), mapOf(3));
    expect(title).toBe('Map of both modalities: image in circles, audio in diamonds');
    expect(counts(svg)).toEqual({ circles: 3, diamonds: 3 });
    // The diamond of the last item, in the upper right corner: its top lies over its middle.
    expect(svg).toContain('d="M552 8m0 -3l3 3l-3 3l-3 -3z"');
  });

  it('has as many of both where it shows only a part of the pairs', () => {
    const { circles, diamonds } = counts(drawMap(report(), mapOf(3000)).svg);
    expect(circles).toBe(diamonds);
    expect(circles).toBeGreaterThan(1000);
    expect(circles + diamonds).toBeLessThanOrEqual(4000);
  });
});

function counts(svg: string): { circles: number; diamonds: number } {
  return { circles: svg.match(/<circle /g)?.length ?? 0, diamonds: svg.match(/<path /g)?.length ?? 0 };
}

/** Points on a rising line. */
function mapOf(pairs: number): AlignmentMap {
  const positions = Float32Array.from({ length: 4 * pairs }, (_, at) => at >> 1);
  return AlignmentMap.parse({
    report: 'r',
    projection: 'pca',
    pairs,
    indices: '',
    ids: [],
    keys: [],
    positions: Buffer.from(positions.buffer).toString('base64'),
    classOf: '',
    splitOf: '',
    classes: [],
    splits: [],
    mismatch: '',
    rank: '',
  });
}
