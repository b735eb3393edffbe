import { describe, expect, it } from 'vitest';
import type { ScoredPair } from '../../../../src/protocol.ts';
import { disagreement, knownSentence, rowLabel, soundLabel } from '../../../../webview/alignment/pairWords.ts';

const scored: ScoredPair = {
  index: 0,
  pair: 'p',
  key: 'seven-03',
  class: 'seven',
  similarity: 0.1,
  margin: -0.2,
  rankForward: 40,
  rankBackward: 1200,
  mismatch: 0.934,
};

describe('the words about a pair', () => {
  it('tell of its class only where most of its neighbours are of others', () => {
    expect(disagreement({ ...scored, classAgreement: 0.1 })).toBe(
      'Only 10\u00a0% of its neighbours are of class seven',
    );
    expect(disagreement({ ...scored, classAgreement: 0 })).toBe('None of its neighbours is of class seven');
    expect(disagreement({ ...scored, classAgreement: 0.5 })).toBeUndefined();
    expect(disagreement(scored)).toBeUndefined();
  });

  it('name it and say how it stands to a screen reader', () => {
    const label = rowLabel({ ...scored, classAgreement: 0 }, undefined, 'probably wrong');
    expect(label).toMatch(/^seven-03, seven, not part of the dataset any more, 93\.4\s% probably wrong/);
    expect(label).toMatch(/None of its neighbours is of class seven$/);
  });

  it('say how known wrong pairs are found, beside chance', () => {
    expect(knownSentence({ wrong: 20, averagePrecision: 0.61, precision: [] }, 400)).toBe(
      '20\u00a0pairs are known to be wrong: the ranking finds them with an average precision of 0.610 (chance 0.050).',
    );
  });

  it('say how long a sound is where it is known', () => {
    expect(soundLabel({ facts: [{ label: 'Duration', value: '1.20 s' }] })).toBe('Sound, 1.20 s');
    expect(soundLabel({ facts: [] })).toBe('Sound');
  });
});
