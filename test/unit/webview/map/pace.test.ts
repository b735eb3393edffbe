import { describe, expect, it } from 'vitest';
import { Pace } from '../../../../webview/ui/map/pace.ts';

describe('the pace of a moving map', () => {
  it('slows for a machine that is late again and again, never below a map that can be read', () => {
    const pace = new Pace();
    for (let frame = 0; frame < 5; frame++) pace.took(80);
    expect(pace.points).toBeLessThan(200_000);
    for (let frame = 0; frame < 200; frame++) pace.took(80);
    expect(pace.points).toBe(20_000);
  });

  it('does not slow for one late frame', () => {
    const pace = new Pace();
    for (let frame = 0; frame < 30; frame++) pace.took(16);
    const before = pace.points;
    pace.took(60);
    expect(pace.points).toBeGreaterThanOrEqual(before);
  });
});
