import * as z from 'zod';
import type { Database } from '../../base/database.ts';

/** A table whose cells may hold media: Parquet or Arrow. */
export interface CellTable {
  readonly path: string;
  readonly columns: readonly CellColumn[];
  readonly features: Features;
  /** Why there may be more rows; a sentence that lacks its subject. */
  readonly fault?: string | undefined;
  /** Rows in order, with the values of these columns. Of media only whether they are there and their name is read. */
  rows(
    columns: readonly string[],
    database: Database,
    signal: AbortSignal | undefined,
  ): AsyncIterable<readonly CellRow[]>;
}

export interface CellColumn {
  readonly name: string;
  readonly kind: 'media' | 'text' | 'number' | 'other';
  /** True for lists of these. */
  readonly isList: boolean;
}

/** The values of a row by column, for lists the values of their elements; absent for NULL. */
export type CellRow = ReadonlyMap<string, CellValue | readonly (CellValue | undefined)[]>;
export type CellValue = string | number | MediaCell;

/** Media in a cell, or in a file that the cell names. */
export interface MediaCell {
  readonly isStored: boolean;
  readonly name?: string | undefined;
}

const Feature = z.looseObject({ _type: z.string().optional(), names: z.array(z.string()).optional() });
type Feature = z.infer<typeof Feature>;
const ListFeature = z.object({ _type: z.enum(['List', 'LargeList', 'Sequence']), feature: z.unknown() });
const Notes = z.object({ info: z.object({ features: z.record(z.string(), z.unknown()) }) });
/** What Hugging Face noted about columns, or the elements of a list: `Image`, `Value`, `ClassLabel` with its names, … */
export type Features = ReadonlyMap<string, Feature>;

/** @param notes the key-value pairs of a table */
export function featuresOf(notes: ReadonlyMap<string, string>): Features {
  try {
    const { features } = Notes.parse(JSON.parse(notes.get('huggingface') ?? '')).info;
    return new Map(Object.entries(features).map(([name, value]) => [name, featureOf(value)]));
  } catch {
    // Tables of other programs have no such note, and a broken one tells nothing that the columns do not tell.
    return new Map();
  }
}

function featureOf(value: unknown): Feature {
  const element = Array.isArray(value) ? value[0] : ListFeature.safeParse(value).data?.feature;
  return Feature.safeParse(element ?? value).data ?? {};
}

/** A column of either format. */
interface StoredColumn {
  readonly name: string;
  readonly kind: string;
  readonly fields: readonly StoredColumn[];
}

/** Media are bytes, or structs with a field `bytes`. */
export function cellColumnOf(column: StoredColumn): CellColumn {
  const isList = column.kind === 'list';
  const { kind, fields } = (isList ? column.fields[0] : column) ?? { kind: 'other', fields: [] };
  const holdsBytes = fields.some((field) => field.name === 'bytes' && field.kind === 'bytes');
  if (kind === 'bytes' || (kind === 'struct' && holdsBytes)) return { name: column.name, kind: 'media', isList };
  if (kind === 'text') return { name: column.name, kind, isList };
  const isNumber = ['number', 'integer', 'float'].includes(kind);
  return { name: column.name, kind: isNumber ? 'number' : 'other', isList };
}

export function cellRowOf(columns: readonly string[], read: (column: string) => ReturnType<CellRow['get']>): CellRow {
  const row = new Map<string, CellValue | readonly (CellValue | undefined)[]>();
  for (const column of columns) {
    const value = read(column);
    if (value !== undefined) row.set(column, value);
  }
  return row;
}

/** A cell of media, when it holds bytes or names a file. */
export function mediaIn(isStored: boolean, name: unknown): MediaCell | undefined {
  const text = typeof name === 'string' && name !== '' ? name : undefined;
  return isStored || text !== undefined ? { isStored, name: text } : undefined;
}

/** A text or a number; truth values are words, as they are in text. */
export function wordIn(value: unknown): string | number | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'boolean' ? String(value) : undefined;
}
