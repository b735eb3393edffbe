import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFnmatch, compileGlob } from '../../../src/dataset/glob.ts';

function fits(pattern: string, path: string): boolean | undefined {
  return compileGlob(pattern)?.(path);
}

describe('a glob', () => {
  it.each([
    ['*.jpg', 'a.jpg', true],
    ['*.jpg', 'x/a.jpg', false],
    ['**/*.jpg', 'a.jpg', true],
    ['**/*.jpg', 'x/y/a.jpg', true],
    ['**/*.jpg', 'x/y/a.jpg/b.png', false],
    ['x/**', 'x/y/z', true],
    ['x/**', 'x', false],
    ['**', 'a', true],
    ['x/**/z', 'x/z', true],
    ['x/**/y/**/z', 'x/a/y/b/y/z', true],
    ['./a/?.png', 'a/1.png', true],
    ['a/?.png', 'a/12.png', false],
    ['[ab]*', 'b2', true],
    ['[!a-c]*', 'b2', false],
    ['[!a-c]*', 'd', true],
    ['[z-a]', 'b', false],
    ['[]x]', ']', true],
    ['[', '[', true],
    ['a+(b).png', 'a+(b).png', true],
    ['*a*b', 'xaxbxab', true],
  ])('%s fits %s: %s', (pattern, path, expected) => {
    expect(fits(pattern, path)).toBe(expected);
  });

  it('has "**" alone between slashes only', () => {
    expect(compileGlob('a**/b')).toBeUndefined();
  });

  it('crosses folders with every star as fnmatch reads it', () => {
    expect(compileFnmatch('*.jpg')('x/y/a.jpg')).toBe(true);
    expect(compileFnmatch('x/*/a.jpg')('x/a.jpg')).toBe(false);
  });

  it('fits a plain path to itself, and never takes long', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9._ -]{1,8}(\/[a-z0-9._ -]{1,8}){0,3}$/), (path) => {
        expect(fits(path.replace(/^(\.\/)+/, ''), path.replace(/^(\.\/)+/, ''))).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.string(), fc.string(), (pattern, path) => void fits(pattern, path)));
    expect(fits('*a'.repeat(500), 'a'.repeat(4000).concat('b'))).toBe(false);
  });
});
