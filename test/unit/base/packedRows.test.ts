import { describe, expect, it } from 'vitest';
import { concatenate, RowPacker } from '../../../src/base/packedRows.ts';

describe('packed rows', () => {
  it('hold the cells of each column in one text, and leave out columns without any', () => {
    const packer = new RowPacker(['name', 'size', 'note']);
    packer.add({ name: 'a', size: 0 });
    packer.add({ name: 'b' });
    packer.add({});
    expect(packer.take()).toEqual({ count: 3, columns: { name: 'a\0b\0', size: '0\0\0' } });
    expect(packer.take()).toEqual({ count: 0, columns: {} });
  });

  it('take a number that is none for an absent cell, and never a cell for two', () => {
    const packer = new RowPacker(['seconds', 'fault']);
    packer.add({ seconds: Number.NaN, fault: 'one\0two' });
    packer.add({ seconds: 1.5 });
    expect(packer.take()).toEqual({ count: 2, columns: { seconds: '\0' + '1.5', fault: 'one\u{FFFD}two\0' } });
  });

  it('follow each other, also with other columns', () => {
    const parts = [
      { count: 2, columns: { a: '1\0' + '2' } },
      { count: 0, columns: {} },
      { count: 1, columns: { b: 'x' } },
      { count: 2, columns: { a: '\0' + '3', b: '\0y' } },
    ];
    expect(concatenate(parts)).toEqual({ count: 5, columns: { a: '1\0' + '2\0\0\0' + '3', b: '\0\0x\0\0y' } });
  });
});
