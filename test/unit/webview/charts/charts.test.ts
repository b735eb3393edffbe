import { describe, expect, it } from 'vitest';
import { binEnds, binName } from '../../../../webview/ui/charts/bins.ts';
import { ticks } from '../../../../webview/ui/charts/ticks.ts';
import { shorten, toneOf } from '../../../../webview/ui/charts/tone.ts';

describe('the bins of ranks', () => {
  it('double: 1, 2, 3–4, 5–8', () => {
    expect([0, 1, 2, 3, 11].map(binName)).toEqual(['1', '2', '3–4', '5–8', '1,025–2,048']);
  });

  it('follow each other without a gap', () => {
    for (let bin = 0; bin < 20; bin++) expect(binEnds(bin + 1).best).toBe(binEnds(bin).worst + 1);
  });
});

describe('the ticks of an axis', () => {
  it.each([
    [0.43, 3, [0, 0.2, 0.4, 0.6]],
    [0.3, 3, [0, 0.1, 0.2, 0.3]],
    [1, 4, [0, 0.5, 1]],
    [7, 4, [0, 2, 4, 6, 8]],
    [0.012, 3, [0, 0.005, 0.01, 0.015]],
  ])('up to %d in %d steps are round', (highest, most, expected) => {
    expect(ticks(highest, most)).toEqual(expected);
  });
});

describe('the tone of a cell', () => {
  it('goes from low to high', () => {
    const scale = { scale: 'sequential', low: 0.2, high: 0.6 } as const;
    expect(toneOf(0.4, scale).strength).toBeCloseTo(0.5, 12);
    expect(toneOf(0.9, scale)).toEqual({ side: 'high', strength: 1 });
  });

  it('goes both ways from 0, equally far', () => {
    const scale = { scale: 'diverging', low: -0.5, high: 1 } as const;
    expect(toneOf(-0.5, scale)).toEqual({ side: 'low', strength: 0.5 });
    expect(toneOf(0.5, scale)).toEqual({ side: 'high', strength: 0.5 });
  });

  it('is one of its own for no value', () => {
    expect(toneOf(Number.NaN, { scale: 'sequential', low: 0, high: 1 }).side).toBe('unknown');
  });
});

describe('a long name', () => {
  it('is cut with an ellipsis, whole characters only', () => {
    expect(shorten('crackling fire', 14)).toBe('crackling fire');
    expect(shorten('crackling fire', 11)).toBe('crackling…');
    expect(shorten('👍👍👍👍', 3)).toBe('👍👍…');
  });
});
