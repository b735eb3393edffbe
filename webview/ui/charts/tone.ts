export interface Tone {
  /** Which colour: that of high values, that of values below 0, or that of no value. */
  readonly side: 'high' | 'low' | 'unknown';
  /** How much of it, in [0, 1]. */
  readonly strength: number;
}

/** How a value is coloured: from `low` to `high`, or both ways from 0 as far as the farther of the two. */
export function toneOf(
  value: number,
  { scale, low, high }: { scale: 'sequential' | 'diverging'; low: number; high: number },
): Tone {
  if (Number.isNaN(value)) return { side: 'unknown', strength: 0 };
  if (scale === 'sequential') return { side: 'high', strength: share((value - low) / (high - low || 1)) };
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return { side: value < 0 ? 'low' : 'high', strength: share(Math.abs(value) / reach) };
}

/** A text of at most `length` characters. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
