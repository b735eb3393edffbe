/** Round ticks (1, 2 or 5 times a power of ten) that enclose all values: about `count` steps, at least one. */
export function niceTicks(values: readonly number[], count: number): number[] {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  if (finite.length === 0) return [0, 1];
  const rough = (high - low || Math.abs(high) || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // The product of a whole number and the step, cut to the step's own digits: 0.3, not 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A tick's number with as many decimals as the step between ticks has. */
export function formatTick(tick: number, ticks: readonly number[], unit: 'percent' | 'number'): string {
  const factor = unit === 'percent' ? 100 : 1;
  const step = ticks.length < 2 ? 1 : Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) * factor;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const digits = Math.abs(tick * factor).toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return `${tick < 0 ? '−' : ''}${digits}${unit === 'percent' ? ' %' : ''}`;
}
