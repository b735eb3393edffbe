import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, fillPattern, keyOf, placeFiles } from '../../../src/dataset/formats/pattern.ts';

const last = 'up-to-last-dot';

describe('a path pattern', () => {
  it.each([
    ['images/{stem}', 'images/a.png', { stem: 'a' }],
    ['images/{stem}', 'images/x/1.jpg', { stem: 'x/1' }],
    ['images/{class}/{stem}', 'images/dog/1.jpg', { class: 'dog', stem: '1' }],
    ['{split}/audio/{class}/{stem}', 'train/audio/dog/1.wav', { split: 'train', class: 'dog', stem: '1' }],
    ['{stem}_image', 'a/001_image.png', { stem: 'a/001' }],
    ['{class}_{stem}', '0_jackson_5.wav', { class: '0', stem: 'jackson_5' }],
    ['a (1) [x]/{stem}', 'a (1) [x]/b.png', { stem: 'b' }],
    ['{stem}', 'line\nbreak "quoted".png', { stem: 'line\nbreak "quoted"' }],
    ['{stem}', '.hidden', { stem: '.hidden' }],
  ])('%s reads %j', (pattern, path, expected) => {
    expect(compilePattern(pattern, last)(path)).toEqual(expected);
  });

  it.each([
    ['images/{stem}', 'audio/a.png'],
    ['images/{class}/{stem}', 'images/a.png'],
    ['{stem}_image', 'image.png'],
  ])('%s does not cover %s', (pattern, path) => {
    expect(compilePattern(pattern, last)(path)).toBeUndefined();
  });

  it('ends a stem at the last or at the first dot of the name, never at a dot of a folder', () => {
    expect(compilePattern('{stem}', last)('dir.v2/v1.5_a.txt')?.stem).toBe('dir.v2/v1.5_a');
    expect(compilePattern('{stem}', 'up-to-first-dot')('dir.v2/v1.5_a.txt')?.stem).toBe('dir.v2/v1');
  });

  it('compares names in Unicode NFC', () => {
    const composed = compilePattern('é/{stem}', last)('é/é.png');
    const decomposed = compilePattern('é/{stem}', last)('e\u0301/e\u0301.png');
    expect(decomposed).toEqual(composed);
  });

  it('reads back what it filled in, whatever the names', () => {
    const name = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !/[/]/.test(text))
      .map((text) => text.normalize('NFC'));
    fc.assert(
      fc.property(name, name, (concept, stem) => {
        const placed = { class: concept, stem };
        expect(
          compilePattern('images/{class}/{stem}', last)(`${fillPattern('images/{class}/{stem}', placed)}.png`),
        ).toEqual(placed);
      }),
    );
  });

  it('names a pair by all that its placeholders stand for', () => {
    expect(keyOf({ split: 'train', class: 'dog', stem: '1' })).toBe('train/dog/1');
    expect(keyOf({ stem: '1' })).toBe('1');
  });
});

describe('files of a layout by pattern', () => {
  it('are either placed or named with the reason', () => {
    const files = ['images/a.png', 'audio/a.WAV', 'audio/a.mp3', 'notes.txt', 'README.md', 'other/b.png'].map(
      (path) => ({
        path,
        bytes: 1,
        modified: 0,
      }),
    );
    const { placed, leftOut } = placeFiles(files, { image: 'images/{stem}', audio: 'audio/{stem}' }, last);
    expect(placed.map(({ path, modality }) => [path, modality])).toEqual([
      ['images/a.png', 'image'],
      ['audio/a.WAV', 'audio'],
      ['audio/a.mp3', 'audio'],
    ]);
    expect(leftOut.map(({ sentence }) => sentence)).toEqual([
      'notes.txt is not part of the layout: the dataset has no text items.',
      'README.md is not part of the layout: its extension names neither an image, a sound nor a text.',
      'other/b.png is not part of the layout: it does not fit the pattern images/{stem}.',
    ]);
  });
});
