import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readText } from '../../../src/modality/decode.ts';
import { isPlaceholder, normaliseText } from '../../../src/modality/text.ts';
import { faultOf, readFully } from './readFully.ts';

describe('a text', () => {
  it.each([
    ['UTF-8', Buffer.from('größer 😀')],
    ['UTF-8 with a byte-order mark', Buffer.from('\uFEFFgrößer 😀')],
    ['UTF-16, little end first', Buffer.from('\uFEFFgrößer 😀', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFFgrößer 😀', 'utf16le').swap16()],
  ])('in %s is read without the mark, and counted in code points', (_name, bytes) => {
    expect(readText({ name: 'a.txt', bytes })).toBe('größer 😀');
    expect(readFully('text', 'a.txt', bytes)).toEqual({ format: 'text', characters: 8 });
  });

  it('of white space is empty, and other encodings are refused', () => {
    expect(faultOf(() => readFully('text', 'a.txt', Buffer.from(' \n\t')))).toMatch(/^empty-item: holds nothing but/);
    expect(faultOf(() => readFully('text', 'a.txt', Buffer.alloc(0)))).toMatch(/^empty-item: has no content/);
    const latin1 = Buffer.from('größer', 'latin1');
    expect(faultOf(() => readFully('text', 'a.txt', latin1))).toMatch(/^unreadable-media: is not text in UTF-8/);
  });

  it('longer than an excerpt is counted as a whole, and one of megabytes is only checked', () => {
    expect(readFully('text', 'a.txt', Buffer.from('äö'.repeat(5000)))).toEqual({ format: 'text', characters: 10_000 });
    expect(readFully('text', 'a.txt', Buffer.from('äö'.repeat(500_000)))).toEqual({ format: 'text' });
  });

  it('counts as many code points as a string has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(text.trim() !== '' && !text.startsWith('\uFEFF'));
        expect(readFully('text', 'a.txt', Buffer.from(text)).characters).toBe([...text].length);
      }),
    );
  });
});

describe('normalising', () => {
  it('makes texts equal that differ in case, white space or composition only', () => {
    expect(normaliseText('  A\u0308 Red\n\tCircle ')).toBe('ä red circle');
    expect(normaliseText('H\u0331')).toBe('\u1e96');
  });

  it('twice is the same as once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normaliseText(normaliseText(text))).toBe(normaliseText(text));
      }),
    );
  });
});

describe('a placeholder', () => {
  it.each(['nan', 'NaN', 'null', 'NULL', 'None', 'N/A', 'NA', '<NA>', ' n/a\n', '#N/A', '-'])('%j is one', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each(['na', 'nothing', 'a null device', 'nana', '0', 'none of them'])('%j is not', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});
