import type { Measured } from '../../../src/protocol.ts';

/** The number itself; NaN, which no expectation holds for, when it is missing. */
export function numberOf(measured: Measured | undefined): number {
  return measured === undefined || 'missing' in measured ? Number.NaN : measured.value;
}

/** What it would be by chance. */
export function chanceOf(measured: Measured | undefined): number {
  return measured === undefined || 'missing' in measured ? Number.NaN : (measured.chance ?? Number.NaN);
}
