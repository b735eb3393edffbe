import { describe, expect, it } from 'vitest';
import {
  clock,
  count,
  decimal,
  duration,
  percent,
  plural,
  points,
  progressPercent,
  rank,
} from '../../../webview/ui/numbers.ts';

/** The tests read better with plain spaces; that units are tied to their number is checked once. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('percentages', () => {
  it('have one decimal, and the interval in the same unit', () => {
    expect(plain(percent(0.5234))).toBe('52.3 %');
    expect(plain(percent(0.5234, 0.0117))).toBe('52.3 ± 1.2 %');
  });

  it('never break between number and unit', () => {
    expect(percent(0.5, 0.1)).not.toContain(' ');
  });

  it('have no decimals where they only say how far something is', () => {
    expect(plain(progressPercent(0.416))).toBe('42 %');
  });
});

describe('differences in points', () => {
  it('always carry their sign', () => {
    expect(plain(points(0.041, 0.01))).toBe('+4.1 ± 1.0');
    expect(plain(points(-0.041))).toBe('−4.1');
  });

  it('have no sign when they round to zero', () => {
    expect(points(0.0001)).toBe('0.0');
    expect(points(-0.0001)).toBe('0.0');
  });
});

describe('plain numbers', () => {
  it('have a true minus sign, and no negative zero', () => {
    expect(decimal(-0.3104)).toBe('−0.310');
    expect(decimal(-0.0004)).toBe('0.000');
  });

  it('have their thousands apart', () => {
    expect(count(1234567)).toBe('1,234,567');
  });

  it('agree with their noun', () => {
    expect(plain(plural(1, 'pair'))).toBe('1 pair');
    expect(plain(plural(1024, 'pair'))).toBe('1,024 pairs');
    expect(plain(plural(2, 'query', 'queries'))).toBe('2 queries');
  });

  it('are whole ranks where they are whole', () => {
    expect(rank(1250)).toBe('1,250');
    expect(rank(9.5)).toBe('9.5');
  });
});

describe('times', () => {
  it.each([
    [0, '0.0 s'],
    [8.44, '8.4 s'],
    [59.4, '59 s'],
    [59.7, '1 min 0 s'],
    [185, '3 min 5 s'],
    [3599.8, '1 h 0 min'],
    [4800, '1 h 20 min'],
  ])('%s seconds are said as %s', (seconds, said) => {
    expect(plain(duration(seconds))).toBe(said);
  });

  it.each([
    [0, '0:00.0'],
    [1.2, '0:01.2'],
    [59.97, '0:59.9'],
    [61.05, '1:01.0'],
  ])('%s seconds into a sound stand as %s', (seconds, shown) => {
    expect(clock(seconds)).toBe(shown);
  });
});
