import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePath } from '../../../src/dataset/formats/paths.ts';
import { ColumnGuesser } from '../../../src/dataset/guess/columns.ts';

const files = ['images/a.png', 'images/b.png', 'clips/x/a.wav', 'clips/x/b.wav'].map((path) => ({
  path,
  bytes: 1,
  modified: 0,
}));

describe('the path of a cell', () => {
  it.each(['/etc/passwd', '../x.png', 'a/../../x.png', 'https://x.org/a.png', 'file:///a', 'C:\\a.png', '..', '\\a'])(
    '%s is outside the root',
    (cell) => {
      expect(resolvePath(cell, '.')).toBeUndefined();
    },
  );

  it('may climb from the folder of the table, but not out of the root', () => {
    expect(resolvePath('../images/a.png', 'tables')).toBe('images/a.png');
    expect(resolvePath('..\\images\\a.png', 'tables')).toBe('images/a.png');
    expect(resolvePath('../../a.png', 'tables')).toBeUndefined();
  });

  it('never leads out of the root, whatever the cell', () => {
    const part = fc.constantFrom('..', '.', 'a', '/', '\\', '//', 'C:', 'é', ' ');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = resolvePath(parts.join(''), 'tables');
        if (path === undefined) return;
        expect(posix.join('/root', path).startsWith('/root')).toBe(true);
        expect(path.split('/')).not.toContain('..');
      }),
    );
  });
});

describe('guessing a column', () => {
  const guesser = new ColumnGuesser(files);

  it('finds paths relative to the table, to the root and to a folder that no cell names', () => {
    expect(guesser.guess('image', ['images/a.png', 'images/b.png'], '.')).toEqual({
      kind: 'path',
      modality: 'image',
      folder: '.',
    });
    expect(guesser.guess('file', ['a.wav', 'b.wav', 'lost.wav'], '.')).toEqual({
      kind: 'path',
      modality: 'audio',
      folder: 'clips/x',
    });
  });

  it('tells text, class, split and id apart', () => {
    const kindOf = (name: string, values: string[]): string => guesser.guess(name, values, '.').kind;
    expect(kindOf('text', ['你', '是'])).toBe('text');
    expect(kindOf('note', ['a dog runs here', 'two cats sleep there'])).toBe('text');
    expect(kindOf('label', ['dog', 'dog', 'cat', 'cat'])).toBe('class');
    expect(kindOf('part', ['train', 'test', 'train'])).toBe('split');
    expect(kindOf('id', ['1', '2', '3'])).toBe('id');
    expect(kindOf('seconds', ['1.5', '2.5', '1.0'])).toBe('other');
    expect(kindOf('slots', ['{"a": "b c d e"}', '{"a": "f g h i"}'])).toBe('other');
  });
});
