import type { Place } from '../formats/format.ts';

/** A text, and where it stands. */
export interface TextCell {
  readonly text: string;
  readonly place: Place;
  /** What tells it apart in the file: `12:caption`. */
  readonly mark: string;
  /** A regular expression that should have taken a part of it did not match. */
  readonly unmatched?: boolean;
}

/** A picture, a sound or a text in a file of its own, or in a part of one. */
export interface MediaCell {
  readonly media: Place;
}

/** One of the values of a field in a record: a list gives several. */
export type Cell = TextCell | MediaCell;

/** The cells of fields, by the ids of the fields. */
export type CroissantRecord = ReadonlyMap<string, readonly Cell[]>;

/** Cells of a value; lists give several, objects stay whole as JSON. */
export function cellsOf(value: unknown, place: Place, mark: string): Cell[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value.flatMap((element, at) => cellsOf(element, place, `${mark}[${at}]`));
  return [{ text: typeof value === 'object' ? JSON.stringify(value) : String(value), place, mark }];
}

/** The texts of cells that have one. */
export function textsOf(cells: readonly Cell[] | undefined): string[] {
  return (cells ?? []).flatMap((cell) => ('text' in cell ? [cell.text] : []));
}
