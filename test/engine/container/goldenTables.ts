import { readdirSync, readFileSync } from 'node:fs';

/** Tables of 60 rows that PyArrow wrote: test/golden/parquet.py and arrow.py. */
const FOLDER = new URL('../../golden/tables/', import.meta.url);

export const GOLDEN_ROWS = Array.from({ length: 60 }, (_, row) => row);

/** The golden files with an extension: their names without it, and their bytes. */
export function goldenTables(extension: string): [name: string, bytes: Buffer][] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(extension));
  return names.map((name) => [name.slice(0, -extension.length), readFileSync(new URL(name, FOLDER))]);
}

/** What the golden tables hold in a row, counted from 0. */
export const golden = {
  image: (row: number) => (row % 7 === 6 || row % 5 === 4 ? undefined : Buffer.from(`${row} `.repeat(3 * row))),
  path: (row: number) => (row % 7 === 6 ? undefined : `cats/${row}.jpg`),
  text: (row: number) => (row % 11 === 10 ? undefined : `picture ${row}`),
};

/** What the golden tables of Arrow hold besides. */
export const goldenLists = {
  images: (row: number) => [row, row + 1].slice(0, row % 3),
  captions: (row: number) =>
    row % 4 === 3
      ? undefined
      : Array.from({ length: row % 4 }, (_, place) => (place === 1 ? undefined : `caption ${row}.${place}`)),
  two: (row: number) => [`${row}.0`, `${row}.1`],
  class: (row: number) => (row % 9 === 8 ? undefined : `class ${row % 5}`),
  blob: (row: number) => `word ${row % 3}`,
  flag: (row: number) => (row % 8 === 7 ? undefined : row % 3 === 0),
  nested: (row: number) => [[row], []],
};

/** What the golden tables hold as lists of numbers in a row. */
export const goldenVectors: Readonly<Record<string, (row: number) => number[]>> = {
  vector: (row) => [row + 0.5, 0 - row, Math.fround(1 / 3)],
  double: (row) => [Math.fround(row / 7), row],
  half: (row) => [row / 4, -2],
  whole: (row) => [row - 30, Math.fround(2 ** 24 * row)],
  long: (row) => [2 ** 40 * (row % 3), 0 - row],
};
