import { bitCount, digitAt, toHex } from '../signature.ts';

/** Side of the square that a picture is shrunk to, and of the block of frequencies that are kept. */
export const SIDE = 32;
const FREQUENCIES = 8;
/** Mean colours are kept of CELLS × CELLS parts, in LEVELS steps. */
const CELLS = 8;
const LEVELS = 15;
/** Rounding alone may move a colour by a step. */
const FREE_STEPS = 1;
const HASH_DIGITS = 16;
const BANDS = 5;

/** cos(π(2x + 1)u / 2n) of the frequencies u = 1…8. */
const COSINES = Array.from({ length: FREQUENCIES }, (_, u) =>
  Float64Array.from({ length: SIDE }, (_, x) => Math.cos((Math.PI * (2 * x + 1) * (u + 1)) / (2 * SIDE))),
);

/**
 * The signature of a picture: 16 hexadecimal digits of a 64-bit perceptual hash, and 192 of the mean colours of 8 × 8
 * parts in 16 levels. The hash is that of the pHash library (Zauner, Implementation and benchmarking of perceptual image
 * hash functions, 2010, §3.2.1): the signs of the lowest 8 × 8 frequencies of a DCT of the luminance, without the
 * constant ones, relative to their median. It sees neither colours nor small parts, by which the pictures of a dataset
 * often differ: drawn digits, icons of one style, rendered scenes.
 *
 * @param pixels SIDE × SIDE × 3 bytes of RGB, row-major
 */
export function pictureSignature(pixels: Uint8Array): string {
  return perceptualHash(luminances(pixels)) + toHex(cellColours(pixels), 1);
}

/** @param grey SIDE × SIDE luminances, row-major */
export function perceptualHash(grey: Float64Array): string {
  const rows = COSINES.map((cosines) =>
    Float64Array.from({ length: SIDE }, (_, y) =>
      cosines.reduce((sum, cosine, x) => sum + cosine * (grey[y * SIDE + x] ?? 0), 0),
    ),
  );
  const frequencies = COSINES.flatMap((cosines) =>
    rows.map((row) => cosines.reduce((sum, cosine, y) => sum + cosine * (row[y] ?? 0), 0)),
  );
  const sorted = frequencies.toSorted((a, b) => a - b);
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  const bits = frequencies.map((value) => (value > median ? 1 : 0));
  return toHex(
    Array.from({ length: HASH_DIGITS }, (_, digit) =>
      bits.slice(4 * digit, 4 * digit + 4).reduce<number>((sum, bit) => 2 * sum + bit, 0),
    ),
    1,
  );
}

/**
 * The smaller one of the share of equal bits of the hashes and of 1 minus the largest difference of a mean colour beyond
 * one step, where 1 is the whole range. 0 as soon as it is sure to be less than `atLeast`.
 */
export function pictureSimilarity(a: string, b: string, atLeast: number): number {
  let different = 0;
  for (let digit = 0; digit < HASH_DIGITS; digit++) {
    different += bitCount(digitAt(a, digit) ^ digitAt(b, digit));
    if (1 - different / 64 < atLeast) return 0;
  }
  let farthest = 0;
  for (let digit = HASH_DIGITS; digit < a.length; digit++) {
    farthest = Math.max(farthest, Math.abs(digitAt(a, digit) - digitAt(b, digit)));
  }
  return Math.min(1 - different / 64, 1 - Math.max(0, farthest - FREE_STEPS) / LEVELS);
}

/**
 * Five pieces of 12 or 13 bits of the hash: pictures that differ by up to four bits share one in any case, by six bits
 * in nine of ten.
 */
export function pictureBands(signature: string): string[] {
  const bits = BigInt(`0x${signature.slice(0, HASH_DIGITS)}`);
  return Array.from({ length: BANDS }, (_, band) => {
    const [start, end] = [Math.floor((64 * band) / BANDS), Math.floor((64 * (band + 1)) / BANDS)];
    return `${band}:${BigInt.asUintN(end - start, bits >> BigInt(start)).toString(16)}`;
  });
}

/** Rec. 709 weights, which hold for sRGB. */
export function luminance(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function luminances(pixels: Uint8Array): Float64Array {
  return Float64Array.from({ length: SIDE * SIDE }, (_, index) =>
    luminance(pixels[3 * index] ?? 0, pixels[3 * index + 1] ?? 0, pixels[3 * index + 2] ?? 0),
  );
}

/** Levels 0…15 of red, green and blue of each part, row by row. */
function cellColours(pixels: Uint8Array): number[] {
  const width = SIDE / CELLS;
  const sums = new Float64Array(CELLS * CELLS * 3);
  for (let index = 0; index < SIDE * SIDE; index++) {
    const cell = CELLS * Math.floor(index / SIDE / width) + Math.floor((index % SIDE) / width);
    for (let channel = 0; channel < 3; channel++) {
      sums[3 * cell + channel] = (sums[3 * cell + channel] ?? 0) + (pixels[3 * index + channel] ?? 0);
    }
  }
  return Array.from(sums, (sum) => Math.round((sum / (width * width) / 255) * LEVELS));
}
