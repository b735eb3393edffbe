import { describe, expect, it } from 'vitest';
import { TimeLeft } from '../../../webview/ui/timeLeft.ts';

describe('TimeLeft', () => {
  it('tells nothing until a stage has shown how fast it is', () => {
    const left = new TimeLeft();
    expect(left.after('reading', 0, 0)).toBeUndefined();
    expect(left.after('reading', 0.1, 1000)).toBeUndefined();
    expect(left.after('reading', 0.25, 2500)).toBe(8);
  });

  it('counts from where it first saw the stage', () => {
    const left = new TimeLeft();
    left.after('reading', 0.5, 0);
    expect(left.after('reading', 0.75, 4000)).toBe(4);
  });

  it('begins anew with another stage, or when the same one begins again', () => {
    const left = new TimeLeft();
    left.after('reading', 0, 0);
    left.after('reading', 0.5, 5000);
    expect(left.after('ranking', 0.5, 6000)).toBeUndefined();
    left.after('ranking', 0.9, 60_000);
    expect(left.after('ranking', 0.1, 61_000)).toBeUndefined();
  });

  it('says nothing of what is nearly over or stands still', () => {
    const left = new TimeLeft();
    left.after('reading', 0, 0);
    expect(left.after('reading', 0.99, 10_000)).toBeUndefined();
    left.after('stuck', 0.3, 0);
    expect(left.after('stuck', 0.3, 60_000)).toBeUndefined();
  });
});
