import { describe, expect, it } from 'vitest';
import { Links } from '../../../../webview/ui/map/links.ts';

const links = new Links(5, Uint32Array.from([0, 1, 2, 1, 3, 4]));
const positions = Float32Array.from([0, 0, 5, 5, 9, 9, 20, 20, 30, 30]);
const all = () => true;

describe('links between partners', () => {
  it('are known from either end, and a point may have several', () => {
    expect([...links.partnersOf(1)]).toEqual([0, 2]);
    expect([...links.partnersOf(4)]).toEqual([3]);
  });

  it('are drawn where an end is in sight', () => {
    const box = { left: -1, right: 6, bottom: -1, top: 6 };
    expect([...links.touching(box, positions, 10, all)]).toEqual([0, 1, 2, 1]);
  });

  it('are not drawn at all where there are too many', () => {
    const box = { left: -1, right: 6, bottom: -1, top: 6 };
    expect(links.touching(box, positions, 1, all)).toHaveLength(0);
  });

  it('are not drawn to what is hidden', () => {
    expect([
      ...links.of(
        10,
        (point) => point === 1,
        (point) => point !== 0,
      ),
    ]).toEqual([2, 1]);
  });
});
