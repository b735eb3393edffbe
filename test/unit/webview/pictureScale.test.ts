import { describe, expect, it } from 'vitest';
import { pictureScale } from '../../../webview/pair/pictureScale.ts';

describe('the scale of a picture', () => {
  it('enlarges tiny pictures by a whole factor', () => {
    expect(pictureScale(28, 28)).toBe(9);
    expect(pictureScale(1, 1)).toBe(256);
    expect(pictureScale(127, 20)).toBe(2);
  });

  it('leaves others as they are', () => {
    expect(pictureScale(128, 64)).toBe(1);
    expect(pictureScale(4000, 3000)).toBe(1);
  });

  it('does not divide by the size of an empty picture', () => {
    expect(pictureScale(0, 0)).toBe(1);
  });
});
