import { describe, expect, it } from 'vitest';
import { toFloats } from '../../../src/base/numberType.ts';

describe('stored numbers', () => {
  it('of 16 bits are read with their subnormal, infinite and missing values', () => {
    const halves = Uint16Array.from([0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000]);
    expect([...toFloats(new Uint8Array(halves.buffer), 'float16')]).toEqual(
      [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, NaN, -0].map(Math.fround),
    );
  });

  // torch.tensor([1, -2, 0.5, 3, 0, 100], dtype=torch.bfloat16), PyTorch 2.13.
  it('of PyTorch’s bfloat16 are read', () => {
    expect([...toFloats(Buffer.from('803f00c0003f40400000c842', 'hex'), 'bfloat16')]).toEqual([1, -2, 0.5, 3, 0, 100]);
  });

  it('are read from any place in memory', () => {
    const bytes = Buffer.from('ff0000803f', 'hex').subarray(1);
    expect([...toFloats(bytes, 'float32')]).toEqual([1]);
  });
});
