import { describe, expect, test } from 'vitest';
import { fusedMultiplyAdd, moduleOf, multiplyAdd } from '../../../../src/base/assembler.ts';
import { ProductKernel, packedBytes, padded, SLACK } from '../../../../src/base/products/kernel.ts';
import { multiplication } from '../../../../src/base/products/multiplication.ts';

const [LEFT, RIGHT, PACKED_LEFT, PACKED_RIGHT, PRODUCT] = [0, 4096, 8192, 16_384, 32_768];

function opened(): { numbers: Float32Array; kernel: ProductKernel } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return { numbers: new Float32Array(memory.buffer), kernel: new ProductKernel(memory) };
}

describe('the product kernel', () => {
  test('multiplies by hand-computed numbers, however the factors lie', () => {
    const { numbers, kernel } = opened();
    // [1 2 3; 4 5 6] · [7 8; 9 10; 11 12] = [58 64; 139 154]
    for (const [left, lyingLeft] of [
      [[1, 2, 3, 4, 5, 6], 'along'],
      [[1, 4, 2, 5, 3, 6], 'across'],
    ] as const) {
      for (const [right, lyingRight] of [
        [[7, 8, 9, 10, 11, 12], 'across'],
        [[7, 9, 11, 8, 10, 12], 'along'],
      ] as const) {
        numbers.set(left, LEFT / 4);
        numbers.set(right, RIGHT / 4);
        kernel.packLeft({ address: LEFT, lines: 2, depth: 3, lying: lyingLeft }, PACKED_LEFT);
        kernel.packRight({ address: RIGHT, lines: 2, depth: 3, lying: lyingRight }, PACKED_RIGHT);
        kernel.multiply(PACKED_LEFT, PACKED_RIGHT, PRODUCT, 2, 3, 2);
        const at = PRODUCT / 4;
        expect([...numbers.subarray(at, at + 2), ...numbers.subarray(at + 8, at + 10)]).toEqual([58, 64, 139, 154]);
      }
    }
  });

  test.each([
    [1, 1],
    [5, 3],
    [4, 8],
    [7, 37],
    [33, 16],
  ])('turns %i × %i numbers round', (rows, columns) => {
    const { numbers, kernel } = opened();
    const values = Array.from({ length: rows * columns }, (_, at) => at + 1);
    numbers.fill(-1);
    numbers.set(values, LEFT / 4);
    kernel.turn(LEFT, rows, columns, PRODUCT);
    const at = PRODUCT / 4;
    expect([...numbers.subarray(at, at + rows * columns)]).toEqual(
      values.map((_, place) => 1 + (place % rows) * columns + Math.floor(place / rows)),
    );
    expect(numbers[at - 1]).toBe(-1);
    expect(new Set(numbers.subarray(at + rows * (columns + 3) + SLACK / 4))).toEqual(new Set([-1]));
  });

  test('writes no further than it says', () => {
    const { numbers, kernel } = opened();
    const [lines, depth] = [9, 5];
    numbers.fill(-1);
    numbers.fill(1, LEFT / 4, LEFT / 4 + lines * depth);
    for (const [pack, lying] of [
      ['packLeft', 'along'],
      ['packLeft', 'across'],
      ['packRight', 'along'],
      ['packRight', 'across'],
    ] as const) {
      kernel[pack]({ address: LEFT, lines, depth, lying }, PACKED_LEFT);
      const end = (PACKED_LEFT + packedBytes({ lines, depth })) / 4;
      expect(new Set(numbers.subarray(end))).toEqual(new Set([-1]));
      expect(numbers[PACKED_LEFT / 4 - 1]).toBe(-1);
    }
    kernel.multiply(PACKED_LEFT, PACKED_LEFT, PRODUCT, 1, 1, 1);
    expect(new Set(numbers.subarray(PRODUCT / 4 + padded(1, 4) * padded(1, 8)))).toEqual(new Set([-1]));
  });

  test('has a fused and a plain form, both of which this engine compiles', () => {
    opened();
    for (const add of [multiplyAdd, fusedMultiplyAdd]) {
      expect(WebAssembly.validate(moduleOf([multiplication('multiply', add), multiplication('add', add)]))).toBe(true);
    }
  });
});
