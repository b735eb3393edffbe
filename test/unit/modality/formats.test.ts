import { describe, expect, it } from 'vitest';
import { extensionFits } from '../../../src/modality/formats.ts';
import { mediaTypeOf } from '../../../src/modality/modality.ts';

describe('a file name', () => {
  it.each([
    ['a.png', 'image', true],
    ['A.JPEG', 'image', true],
    ['a.b.bmp', 'image', true],
    ['a.heic', 'image', false],
    ['a.mp3', 'audio', true],
    ['a.ogg', 'audio', true],
    ['a.m4a', 'audio', false],
    ['a.txt', 'text', true],
  ])('%s promises %s, readable: %s', (name, modality, readable) => {
    expect(mediaTypeOf(name)).toMatchObject({ modality, readable });
  });

  it.each(['a', 'a.csv', '.png', 'png'])('%s promises nothing', (name) => {
    expect(mediaTypeOf(name)).toBeUndefined();
  });
});

describe('an extension', () => {
  it.each([
    ['a.jpg', 'jpeg'],
    ['a.JPE', 'jpeg'],
    ['a.ogg', 'vorbis'],
    ['a.ogg', 'opus'],
    ['a.opus', 'opus'],
    ['a.txt', 'text'],
    ['a', 'png'],
    ['a.data', 'png'],
  ])('of %s fits %s', (name, format) => {
    expect(extensionFits(name, format)).toBe(true);
  });

  it.each([
    ['a.jpg', 'png'],
    ['a.wav', 'mp3'],
    ['a.opus', 'vorbis'],
    ['a.heic', 'jpeg'],
    ['a.txt', 'png'],
  ])('of %s lies about %s', (name, format) => {
    expect(extensionFits(name, format)).toBe(false);
  });
});
