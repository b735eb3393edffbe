import type { CurvePoint, PairedDifference } from '../../protocol.ts';
import type { Axis } from './levels.ts';

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

/** "p = 0.012" or "p < 0.001" after the correction; nothing where there is none. */
export function corrected({ adjusted }: Pick<PairedDifference, 'adjusted'>): string {
  if (adjusted === undefined) return '';
  return adjusted < 0.001 ? 'p < 0.001' : `p = ${adjusted.toFixed(3)}`;
}

/** A number of any size with three digits that count: "0.0123", "12.3", "1,230". */
export function threeDigits(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 }).replace('-', '−');
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

/** What an axis is called, and what it changes. */
export const axisWords: Readonly<Record<Axis, { title: string; sentence: string; xLabel: string }>> = {
  labelNoise: {
    title: 'Label noise',
    sentence: 'Share of the support labels of the test tasks that are wrong; queries keep theirs.',
    xLabel: 'wrong support labels (percent)',
  },
  pairNoise: {
    title: 'Pair noise',
    sentence:
      'Share of the meta-training pairs that got the partner of another pair. Methods that see no pair have one number.',
    xLabel: 'wrong pairs (percent)',
  },
  pairsPerClass: {
    title: 'Pairs per class',
    sentence: 'How many pairs of a class were aligned, at most. Methods that see no pair have one number.',
    xLabel: 'pairs per class',
  },
};

/** "20 %" of a rate, "5" of a number of pairs, "all". */
export function valueInWords(value: number, axis: Axis): string {
  if (value === Number.POSITIVE_INFINITY) return 'all';
  return axis === 'pairsPerClass' ? value.toLocaleString('en') : `${threeDigits(100 * value)} %`;
}
