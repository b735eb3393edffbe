import { describe, expect, it } from 'vitest';
import { similaritySentence } from '../../../../webview/alignment/sentences.ts';

describe('the words about the similarity of classes', () => {
  it('say that it is of the means of classes, not of their items', () => {
    expect(similaritySentence({ first: 'image', second: 'audio' })).toMatch(
      /^Cosine of the mean of the image vectors of a class \(rows\) with the mean of the audio vectors/,
    );
  });
});
