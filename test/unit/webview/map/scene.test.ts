import { describe, expect, it } from 'vitest';
import type { MapData } from '../../../../webview/ui/map/data.ts';
import { rampColour } from '../../../../webview/ui/map/palette.ts';
import { flags, Scene } from '../../../../webview/ui/map/scene.ts';
import type { Theme } from '../../../../webview/ui/map/theme.ts';

const theme: Theme = {
  background: [0, 0, 0],
  foreground: [255, 255, 255],
  focus: [1, 1, 1],
  muted: [9, 9, 9],
  kinds: [
    [10, 20, 30],
    [40, 50, 60],
  ],
  highContrast: false,
};

const data: MapData = {
  positions: Float32Array.from([0, 0, 1, 1, 2, 2, Number.NaN, 3]),
  kind: Uint8Array.from([0, 1, 0, 1]),
  names: ['image', 'text'],
  pairs: Uint32Array.from([0, 1, 2, 3]),
  colour: { kind: 'modality' },
};

const scene = () => new Scene(data, Uint32Array.from([2, 0, 3, 1]), data.colour);

describe('what a map shows', () => {
  it('has a style for each drawn point, in the order in which they are drawn', () => {
    const [hidden, second] = [flags.hidden, flags.second];
    expect([...scene().styles(theme)]).toEqual(
      [
        [10, 20, 30, 0],
        [10, 20, 30, 0],
        [40, 50, 60, hidden | second],
        [40, 50, 60, second],
      ].flat(),
    );
  });

  it('is nothing of a hidden modality or category', () => {
    const shown = scene();
    shown.recolour({ kind: 'category', values: Uint16Array.from([0, 1, 1, 0]), names: ['dog', 'cat'], label: 'class' });
    shown.hideCategory(1, true);
    expect([0, 1, 2].filter(shown.isShown)).toEqual([0]);
    shown.hideCategory(1, false);
    shown.hideKind(0, true);
    expect([0, 1, 2].filter(shown.isShown)).toEqual([1]);
  });

  it('marks what is selected, and forgets the selection before', () => {
    const shown = scene();
    shown.select(Uint32Array.from([0, 1]));
    shown.select(Uint32Array.from([2]));
    expect([0, 1, 2].filter(shown.isChosen)).toEqual([2]);
    expect((shown.styles(theme)[3] ?? 0) & flags.selected).toBe(flags.selected);
  });

  it('colours numbers by the ramp, and what is not known by the colour for that', () => {
    const shown = scene();
    shown.recolour({ kind: 'number', values: Float32Array.from([5, 0, 10, 99]), low: 0, high: 10, label: 'margin' });
    expect([...shown.styles(theme).subarray(0, 3)]).toEqual([...rampColour(1, theme.background)]);
    shown.recolour({ kind: 'number', values: new Float32Array(4).fill(Number.NaN), low: 0, high: 10, label: 'margin' });
    expect([...shown.styles(theme).subarray(0, 3)]).toEqual([9, 9, 9]);
  });
});
