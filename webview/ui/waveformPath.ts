export type Waveform = readonly (readonly [number, number])[];

/** Half of the least height, so that silence is a line and not a gap. */
const thinnest = 0.012;

/**
 * Outline of a waveform as the data of an SVG path: one unit wide a part; up is −1 and down is +1, as SVG counts.
 * `parts` are lowest and highest samples in [−1, 1].
 */
export function waveformPath(parts: Waveform): string {
  const upper = parts.map(([, highest], index) => `${index + 0.5} ${round(-Math.max(highest, thinnest))}`);
  const lower = parts.map(([lowest], index) => `${index + 0.5} ${round(-Math.min(lowest, -thinnest))}`);
  const outline = [...upper, ...lower.reverse()];
  return outline.length === 0 ? '' : `M${outline.join('L')}Z`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
