import { describe, expect, it } from 'vitest';
import { cutIntoPatches } from '../../../../src/embedding/media/patchGrid.ts';
import { brightness, picturePatches } from '../../../../src/embedding/media/picturePatches.ts';
import { gatherFrames, soundFrames } from '../../../../src/embedding/media/soundFrames.ts';
import { drawSpectrum, spectrumPatches } from '../../../../src/embedding/media/spectrumPatches.ts';
import { textWords, vectorOf, wordsOf } from '../../../../src/embedding/media/textWords.ts';
import { BANDS } from '../../../../src/embedding/melSpectrogram.ts';

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

describe('the patches of a picture', () => {
  const pixels = new Uint8Array(36 * 36 * 3);
  /** Says where a pixel is: its row, its column, and 7. */
  for (let at = 0; at < 36 * 36; at++) pixels.set([Math.floor(at / 36), at % 36, 7], 3 * at);
  const patches = cutIntoPatches(brightness(pixels));
  const [rows = 0, columns = 0, width = 0] = picturePatches.shape;

  it('lie row by row, and so do their pixels', () => {
    expect(patches.length).toBe(sizeOf(picturePatches.shape));
    for (const [row, column, y, x] of [
      [0, 0, 0, 0],
      [0, 1, 0, 0],
      [2, 4, 3, 5],
      [5, 5, 5, 5],
    ] as const) {
      const at = (row * columns + column) * width + (y * 6 + x) * 3;
      const bytes = [...patches.subarray(at, at + 3)].map((value) => Math.round((value + 1) * 127.5));
      expect(bytes).toEqual([6 * row + y, 6 * column + x, 7]);
    }
    expect([rows, columns, width]).toEqual([6, 6, 108]);
  });

  it('reach from −1 to 1, and no grey is 0, so that no patch is taken for padding', () => {
    const greys = Uint8Array.from({ length: 36 * 36 * 3 }, (_, at) => at % 256);
    const values = cutIntoPatches(brightness(greys));
    expect([Math.min(...values), Math.max(...values)]).toEqual([-1, 1]);
    expect(values.every((value) => value !== 0)).toBe(true);
  });
});

describe('the frames of a sound', () => {
  const levels = (values: readonly number[]) =>
    gatherFrames(
      values.map((value) => new Float32Array(BANDS).fill(value)),
      32,
    );
  const firstBand = (frames: Float32Array) => [...frames].filter((_, at) => at % BANDS === 0);

  it('are the mean levels of equal parts, from −1 for silence to 1 for the loudest', () => {
    const spectrum = Array.from({ length: 64 }, (_, at) => (at < 32 ? -80 : at % 2 === 0 ? 0 : -40));
    const frames = levels(spectrum);
    expect(frames.length).toBe(sizeOf(soundFrames.shape));
    expect(firstBand(frames)).toEqual([...new Array(16).fill(-1), ...new Array(16).fill(0.5)]);
  });

  it('are as many for a short sound, whose parts share them', () => {
    expect(firstBand(levels([-80, 0]))).toEqual([...new Array(16).fill(-1), ...new Array(16).fill(1)]);
    expect(firstBand(levels([0]))).toEqual(new Array(32).fill(1));
  });
});

describe('the picture of a spectrogram', () => {
  /** Says which frame and band a number is of. */
  const frames = Float32Array.from({ length: 36 * BANDS }, (_, at) => 100 * Math.floor(at / BANDS) + (at % BANDS));
  const picture = drawSpectrum(frames);
  const at = (row: number, column: number) => picture[36 * row + column];

  it('has time from left to right and pitch from the bottom to the top, from the first band to the last', () => {
    expect([at(35, 0), at(35, 35), at(0, 0), at(0, 35)]).toEqual([0, 3500, 39, 3539]);
    expect(at(34, 2)).toBeCloseTo(200 + 39 / 35, 4);
  });

  it('is cut into as many patches as a picture, of one channel', () => {
    expect(cutIntoPatches(picture).length).toBe(sizeOf(spectrumPatches.shape));
    expect([...spectrumPatches.shape]).toEqual([6, 6, 36]);
    expect(cutIntoPatches(picture)[36]).toBe(at(0, 6));
  });
});

describe('the words of a text', () => {
  it('are runs of letters and digits, symbols, and runs of marks, in lower case', () => {
    expect(wordsOf("Don't stop: 3 × the BIRD…!")).toEqual([
      'don',
      "'",
      't',
      'stop',
      ':',
      '3',
      '×',
      'the',
      'bird',
      '...!',
    ]);
  });

  it('are single letters in scripts without spaces', () => {
    expect(wordsOf('abc 一只狗 ต้น')).toEqual(['abc', '一', '只', '狗', 'ต้', 'น']);
    expect(wordsOf('abc狗def')).toEqual(['abc', '狗', 'def']);
  });

  it('are the first of a long text', () => {
    expect(wordsOf('word '.repeat(100))).toHaveLength(textWords.shape[0] ?? 0);
  });

  it('have fixed vectors, of which every place has variance 1', () => {
    expect(vectorOf('bird')).toEqual(vectorOf('bird'));
    const vectors = Array.from({ length: 200 }, (_, at) => vectorOf(`w${at * 7919}x`));
    const squares = vectors.flatMap((vector) => [...vector].map((value) => value * value));
    expect(squares.reduce((sum, value) => sum + value, 0) / squares.length).toBeCloseTo(1, 1);
  });

  it('are alike where their spelling is, and else not', () => {
    const cosine = (a: string, b: string) => {
      const [x, y] = [vectorOf(a), vectorOf(b)];
      return x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0) / (Math.hypot(...x) * Math.hypot(...y));
    };
    expect(cosine('drawing', 'drawings')).toBeGreaterThan(0.25);
    expect(Math.abs(cosine('drawing', 'elephant'))).toBeLessThan(0.25);
    expect(vectorOf('a').every(Number.isFinite)).toBe(true);
  });
});
