import { describe, expect, it } from 'vitest';
import { waveformPath } from '../../../webview/ui/waveformPath.ts';

describe('the outline of a waveform', () => {
  it('runs along the highest samples and back along the lowest, with up as negative', () => {
    const parts: [number, number][] = [
      [-0.5, 0.25],
      [-1, 1],
    ];
    expect(waveformPath(parts)).toBe('M0.5 -0.25L1.5 -1L1.5 1L0.5 0.5Z');
  });

  it('draws silence as a line', () => {
    expect(waveformPath([[0, 0]])).toBe('M0.5 -0.012L0.5 0.012Z');
  });

  it('is empty for a sound without parts', () => {
    expect(waveformPath([])).toBe('');
  });
});
