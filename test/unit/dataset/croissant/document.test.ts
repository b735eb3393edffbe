import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/base/errors.ts';
import { parseCroissant } from '../../../../src/dataset/croissant/document.ts';
import { parseJsonPath, valuesAt } from '../../../../src/dataset/croissant/jsonPath.ts';
import { readDataFiles } from '../../../../src/dataset/huggingFace/readme.ts';

describe('a JSON path', () => {
  const value = { a: [{ b: 1 }, { b: [2, 3] }], 'c d': { e: null } };
  it.each([
    ['$', [value]],
    ['$.a[*].b', [1, [2, 3]]],
    ['$.a[1].b[*]', [2, 3]],
    ['a[-1].b[0]', [2]],
    ["$['c d'].e", [null]],
    ['$["c d"]["e"]', [null]],
    ['$.a.*.b', [1, [2, 3]]],
    ['$.x.y', []],
    ['$.__proto__.constructor', []],
  ])('%s', (path, expected) => {
    expect(valuesAt(value, parseJsonPath(path) ?? [])).toEqual(expected);
  });

  it('has no filters, scripts or descents', () => {
    for (const path of ['$..b', '$.a[?(@.b)]', '$.a[(@.length-1)]', '$[', '$.a.']) {
      expect(parseJsonPath(path)).toBeUndefined();
    }
  });

  it('survives any text on any value', () => {
    fc.assert(fc.property(fc.string(), fc.jsonValue(), (path, json) => void valuesAt(json, parseJsonPath(path) ?? [])));
  });
});

describe('a description', () => {
  it('is read or refused with a sentence, whatever it is', () => {
    const words = fc.constantFrom('@id', '@type', 'cr:field', 'recordSet', 'source', 'extract', 'data', 'FileSet', 'x');
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 6 },
        words,
        fc.constant(null),
        fc.integer(),
        fc.array(tie('node')),
        fc.dictionary(words, tie('node')),
      ),
    })).node;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          tree.map((value) => JSON.stringify({ recordSet: value, distribution: value })),
        ),
        (json) => {
          try {
            parseCroissant(json, 'croissant.json');
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
    );
  });

  it('may be nested without end', () => {
    const deep = `${'{"recordSet":'.repeat(3000)}{}${'}'.repeat(3000)}`;
    expect(parseCroissant(deep, 'croissant.json').recordSets).toHaveLength(1);
  });
});

describe('the header of a README', () => {
  it('names data files or nothing, whatever it is', () => {
    const line = fc.constantFrom(
      'configs:',
      '- config_name: a',
      '  data_files:',
      '  - split: train',
      '    path: "*"',
      '  data_files: [x]',
      '&a [*a, *a]',
      '? :',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(line).map((lines) => lines.join('\n')),
        ),
        (yaml) => {
          readDataFiles(`---\n${yaml}\n---\n`);
        },
      ),
    );
  });
});
