import type { CurvePoint } from '../../protocol.ts';

/** Numbers as reports show them, the same in Markdown, HTML and on the terminal. */

/** "63.4 ± 2.1" from fractions; without a tail when there is no interval. */
export function percentWithInterval(value: number, interval: number | undefined): string {
  const centre = (100 * value).toFixed(1);
  return interval === undefined ? centre : `${centre} ± ${(100 * interval).toFixed(1)}`;
}

/** "+8.3 ± 2.2" or "−1.6 ± 3.3" from fractions. */
export function pointsWithInterval(difference: number, interval: number | undefined): string {
  return `${difference < 0 ? '−' : '+'}${percentWithInterval(Math.abs(difference), interval)}`;
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** The terms of the loss that a curve follows, in the order of their first points. */
export function terms(curve: readonly CurvePoint[]): string[] {
  return [...new Set(curve.flatMap(({ losses }) => Object.keys(losses)))];
}
