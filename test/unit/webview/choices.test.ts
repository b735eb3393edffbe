import { describe, expect, it } from 'vitest';
import type { PairDetail } from '../../../src/protocol.ts';
import { choicesFor, menuContext } from '../../../webview/pair/choices.ts';

function detail(fields: Partial<PairDetail['pair']>, second: 'audio' | 'text' = 'text'): PairDetail {
  const item = (modality: 'image' | 'audio' | 'text') => ({ id: modality, modality, path: `/${modality}`, facts: [] });
  return {
    pair: {
      id: 'p',
      key: 'p',
      first: { modality: 'image', item: 'image' },
      second: { modality: second, item: second },
      strength: 'strong',
      problems: 0,
      excluded: false,
      ...fields,
    },
    items: [item('image'), item(second)],
    problems: [],
  };
}

describe('what can be decided about a pair', () => {
  it('is the opposite of what holds, and a key for each', () => {
    expect(choicesFor(detail({})).map(({ what }) => what)).toEqual(['exclude', 'weak', 'class', 'text', 'note']);
    const excluded = choicesFor(detail({ excluded: true, strength: 'weak' }));
    expect(excluded.map(({ what }) => what)).toEqual(['include', 'strong', 'class', 'text', 'note']);
    expect(new Set(excluded.map(({ key }) => key)).size).toBe(excluded.length);
  });

  it('is no caption where there is no text', () => {
    expect(choicesFor(detail({}, 'audio')).map(({ what }) => what)).not.toContain('text');
  });

  it('is told to the menus of the editor', () => {
    expect(JSON.parse(menuContext(detail({ excluded: true })))).toMatchObject({
      webviewSection: 'pair',
      pairExcluded: true,
      pairStrength: 'strong',
      pairText: true,
    });
  });
});
