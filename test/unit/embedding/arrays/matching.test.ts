import { describe, expect, it } from 'vitest';
import { joinColumns } from '../../../../src/dataset/formats/idColumns.ts';
import { matchRows, type NamedItem } from '../../../../src/embedding/arrays/matching.ts';

const ITEMS: NamedItem[] = ['train/cat/1.png', 'train/dog/2.png', 'test/dog/2.png'].map((id, index) => {
  return { id, path: `/data/${id}`, file: id.slice(id.lastIndexOf('/') + 1), keys: [`pair ${index}`], text: 'a pet' };
});

describe('matchRows', () => {
  it.each([
    ['id', ['test/dog/2.png', 'train\\cat\\1.png', './train/dog/2.png'], [1, 2, 0], 0],
    ['path', ['/data/train/dog/2.png', '/elsewhere/9.png'], [undefined, 0, undefined], 1],
    ['key', ['pair 2', 'pair 0', 'pair 9'], [1, undefined, 0], 1],
    ['file name', ['/elsewhere/1.png'], [0, undefined, undefined], 0],
    ['stem', ['1.json', '2.json'], [0, undefined, undefined], 1],
    ['text', ['a bird', 'a pet'], [1, 1, 1], 1],
  ] as const)('finds items by their %s', (by, cells, rows, unusedRows) => {
    expect(matchRows(ITEMS, [{ cells: [...cells] }])).toEqual({ by, rows, unusedRows });
  });

  it('takes the column by which most items are found', () => {
    const columns = [
      { name: 'number', cells: ['1', '7', '8'] },
      { name: 'image_path', cells: ['test/dog/2.png', undefined, 'train/dog/2.png'] },
    ];
    const rows = [undefined, 2, 0];
    expect(matchRows(ITEMS, columns)).toEqual({ by: 'id', column: 'image_path', rows, unusedRows: 1 });
  });

  it('takes the first of several rows for an item', () => {
    const cells = ['pair 0', 'pair 0'];
    expect(matchRows(ITEMS, [{ cells }])).toMatchObject({ rows: [0, undefined, undefined], unusedRows: 1 });
  });

  it('finds nothing where no row names an item', () => {
    expect(matchRows(ITEMS, [{ cells: ['x', undefined] }])).toBeUndefined();
  });
});

describe('joinColumns', () => {
  it('puts the columns that all files have below each other', () => {
    const one = [
      { name: 'key', cells: ['a'] },
      { name: 'only here', cells: ['x'] },
    ];
    const other = [{ name: 'key', cells: ['b', 'c'] }];
    expect(joinColumns([one, other])).toEqual([{ name: 'key', cells: ['a', 'b', 'c'] }]);
    expect(joinColumns([])).toEqual([]);
  });
});
