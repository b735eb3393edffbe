import { describe, expect, it, vi } from 'vitest';
import type { ItemStatistics } from '../../../src/protocol.ts';
import { vscodeText } from './vscodeText.ts';

vi.mock('vscode', () => vscodeText);
const { statisticsText } = await import('../../../src/editor/statistics/statisticsText.ts');

const pictures: ItemStatistics = {
  modality: 'image',
  items: 1200,
  unreadable: 1,
  bytes: 5_000_000,
  width: { minimum: 28, median: 64, maximum: 640 },
  height: { minimum: 28, median: 28, maximum: 28 },
  formats: ['png', 'jpeg', 'gif', 'bmp'].map((value) => ({ value, items: 300 })),
  channels: [],
  sampleRates: [],
  languages: [],
};

describe('the statistics of a dataset', () => {
  it('are tables of all items, of the splits and of the classes', () => {
    const split = { ...pictures, split: 'train' };
    const text = statisticsText('demo', {
      modalities: [pictures],
      splits: [split],
      classes: [{ ...split, class: 'cat' }],
    });
    expect(text).toContain('# Statistics of demo');
    expect(text).toContain('| image | 1,200 | 1 | 28–640 (64) × 28 px | png 300, jpeg 300, gif 300, … | – |');
    expect(text).toContain('| image | train | cat | 1,200 |');
  });

  it('leave out splits and classes that there are none of', () => {
    const text = statisticsText('demo', {
      modalities: [pictures],
      splits: [{ ...pictures, split: '' }],
      classes: [{ ...pictures, split: '', class: '' }],
    });
    expect(text.match(/^## /gm)).toBeNull();
  });

  it('never take a name for markup', () => {
    const split = { ...pictures, split: '[x](command:evil)|<img>' };
    const text = statisticsText('a # b', { modalities: [], splits: [split], classes: [] });
    expect(text).toContain('\\[x\\](command:evil)\\|\\<img\\>');
  });
});
