/**
 * Round places along an axis from 0 to at least `highest`, which must be above 0: steps of 1, 2 or 5 times a power of
 * ten, at most `most` steps.
 */
export function ticks(highest: number, most: number): number[] {
  const step = roundUp(highest / most);
  const steps = Math.ceil(highest / step - 1e-9);
  // Steps below one are counted in whole parts of one, so that 3 × 0.1 is 0.3.
  const parts = Math.round(1 / step);
  return Array.from({ length: steps + 1 }, (_, index) => (step < 1 ? index / parts : index * step));
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}
