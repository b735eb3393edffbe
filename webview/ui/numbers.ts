/** Ties a number to its unit. */
const tie = '\u00a0';

const grouped = new Intl.NumberFormat('en-GB');

/** A whole number with its thousands apart: `1,024`. */
export function count(value: number): string {
  return grouped.format(value);
}

/** `1 pair`, `1,024 pairs`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)}${tie}${value === 1 ? one : many}`;
}

/** A number with a fixed count of decimals and a true minus sign; never `−0.0`. */
export function decimal(value: number, decimals = 3): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A fraction in [0, 1] as `52.3 %`, with the half width of its interval as `52.3 ± 1.2 %`. */
export function percent(fraction: number, interval?: number): string {
  return `${decimal(fraction * 100, 1)}${halfWidth(interval)}${tie}%`;
}

/** How far something is, without decimals: `42 %`. */
export function progressPercent(fraction: number): string {
  return `${decimal(fraction * 100, 0)}${tie}%`;
}

/** A difference of two fractions in percentage points, always signed: `+4.1 ± 1.0`. */
export function points(difference: number, interval?: number): string {
  const text = decimal(difference * 100, 1);
  return `${difference > 0 && Number(text) !== 0 ? '+' : ''}${text}${halfWidth(interval)}`;
}

function halfWidth(interval: number | undefined): string {
  return interval === undefined ? '' : `${tie}±${tie}${decimal(interval * 100, 1)}`;
}

/** A rank: whole where it is whole, one decimal where it is between two. */
export function rank(value: number): string {
  return Number.isInteger(value) ? count(value) : decimal(value, 1);
}

/** Seconds as a person says them, two units at most: `8.4 s`, `3 min 5 s`, `1 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${decimal(seconds, 1)}${tie}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${tie}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}${tie}min ${whole % 60}${tie}s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}${tie}h ${minutes % 60}${tie}min`;
}

/** A place in a sound: `0:01.2`. */
export function clock(seconds: number): string {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const minutes = Math.floor(tenths / 600);
  return `${minutes}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}
