import { posix } from 'node:path';
import * as z from 'zod';
import { literal } from '../../base/database.ts';
import { InputError } from '../../base/errors.ts';
import { query } from '../../base/table.ts';
import { readWhole } from '../../container/location.ts';
import { withoutGlobs } from '../../container/parquet.ts';
import { readLines } from '../formats/lines.ts';
import { resolvePath } from '../formats/paths.ts';
import { type FaultyRecord, readRecords, type TableRecord } from '../formats/records.ts';
import { isParquet, isTable } from '../formats/rows.ts';
import { locationOf } from '../itemLocation.ts';
import { asFile } from './asFile.ts';
import { type Cell, cellsOf } from './cells.ts';
import type { Field, FieldSource } from './document.ts';
import type { CroissantFile, CroissantFiles } from './files.ts';
import { parseJsonPath, type Step, valuesAt } from './jsonPath.ts';
import type { Notes } from './notes.ts';

/** A field that is taken from files. */
export interface Wanted {
  readonly field: Field;
  readonly source: FieldSource;
}

const MEDIA_TYPES: ReadonlySet<string> = new Set(['ImageObject', 'AudioObject']);
const ROWS_PER_BATCH = 2048;
/** A JSON file is parsed as a whole. */
const MAX_JSON_BYTES = 256 * 1024 * 1024;

const Described = z.object({ column_name: z.string(), column_type: z.string() });

/** Reads the values of fields out of files: their names, their rows, their lines or their JSON. */
export class Sources {
  readonly #root: string;
  /** Folder of the description, relative to the root. */
  readonly #folder: string;
  readonly #files: CroissantFiles;
  readonly #paths: ReadonlyMap<string, number>;
  readonly #notes: Notes;
  readonly #signal: AbortSignal | undefined;

  constructor(
    root: string,
    folder: string,
    files: CroissantFiles,
    paths: ReadonlyMap<string, number>,
    notes: Notes,
    signal?: AbortSignal,
  ) {
    this.#root = root;
    this.#folder = folder;
    this.#files = files;
    this.#paths = paths;
    this.#notes = notes;
    this.#signal = signal;
  }

  /** The cells of the fields, in their order, for each row of a resource; without the transforms. */
  async *rowsOf(id: string, wanted: readonly Wanted[]): AsyncGenerator<(readonly Cell[])[][]> {
    let batch: (readonly Cell[])[][] = [];
    for (const file of await this.#files.filesOf(id)) {
      try {
        for await (const row of this.#rowsOfFile(file, wanted)) {
          batch.push(row);
          if (batch.length < ROWS_PER_BATCH) continue;
          yield batch;
          batch = [];
        }
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        this.#notes.add('bad-row', 'error', id, `cannot be read further: ${error.message}`);
      }
    }
    if (batch.length > 0) yield batch;
  }

  async *#rowsOfFile(file: CroissantFile, wanted: readonly Wanted[]): AsyncGenerator<(readonly Cell[])[]> {
    const { path, member } = file.place;
    const uses = (key: 'column' | 'jsonPath'): boolean =>
      wanted.some(({ source }) => source.extract[key] !== undefined);
    const usesLines = wanted.some(({ source }) => source.extract.fileProperty?.startsWith('line'));
    if (!uses('column') && !uses('jsonPath') && !usesLines) yield wanted.map((field) => propertyOf(file, field));
    else if (uses('column') && isTable(member ?? path)) {
      yield* asFile(this.#root, file.place, (table) => this.#tableRows(file, table, wanted));
    } else if (usesLines) yield* asFile(this.#root, file.place, (text) => this.#lineRows(file, text, wanted));
    else yield* this.#jsonRows(file, wanted);
  }

  /** @param absolute the file that is read: the table, or a copy of it */
  async *#tableRows(
    file: CroissantFile,
    absolute: string,
    wanted: readonly Wanted[],
  ): AsyncGenerator<(readonly Cell[])[]> {
    const { path, member } = file.place;
    const bytes = await bytesColumns(absolute);
    const columns = new Set(wanted.flatMap(({ source }) => source.extract.column ?? []));
    const read = [...columns].filter((name) => !bytes.has(name));
    for await (const record of readRecords(absolute, this.#signal, read)) {
      const { row } = record;
      if ('fault' in record) {
        this.#notes.add(
          'bad-row',
          'error',
          `${nameOf(file)}#${row}`,
          `(line ${record.line}) ${record.fault}: correct or delete it.`,
        );
        continue;
      }
      yield wanted.map((field) => {
        const { column } = field.source.extract;
        if (column === undefined) return propertyOf(file, field);
        if (bytes.has(column) && member !== undefined) return this.#packedTwice(file, field.field);
        if (bytes.has(column)) return [{ media: { path, row, column } }];
        const mark = `${row}:${column}`;
        const place = { path, ...(member !== undefined && { member }), row, column };
        const cells = cellsOf(record.fields[column], place, member === undefined ? mark : `${member}#${mark}`);
        return isMedia(field.field) ? cells.flatMap((cell) => this.#mediaOf(cell, path)) : cells;
      });
    }
  }

  /** Media in a table in an archive have no place from which they could be read. */
  #packedTwice(file: CroissantFile, { id }: Field): Cell[] {
    const fault = `is in the table ${nameOf(file)}, whose media are not read from the archive: unpack ${file.place.path}.`;
    this.#notes.add('unsupported-format', 'error', id, fault);
    return [];
  }

  /** @param absolute the file that is read: the text, or a copy of it */
  async *#lineRows(
    file: CroissantFile,
    absolute: string,
    wanted: readonly Wanted[],
  ): AsyncGenerator<(readonly Cell[])[]> {
    const { path, member } = file.place;
    const within = member === undefined ? '' : `${member}#`;
    for await (const line of readLines(absolute, this.#signal)) {
      const row = line.line;
      if ('fault' in line) {
        this.#notes.add('bad-row', 'error', `${nameOf(file)}#${row}`, `${line.fault}.`);
        continue;
      }
      const place = { path, ...(member !== undefined && { member }), row };
      yield wanted.map((field) => {
        const { fileProperty } = field.source.extract;
        if (fileProperty === 'lines') return cellsOf(line.text, place, `${within}${row}`);
        // Lines are numbered from 0 there.
        if (fileProperty === 'lineNumbers') return cellsOf(row - 1, place, `${within}${row}:number`);
        return propertyOf(file, field);
      });
    }
  }

  /** A row for each element of the list that the paths go through last before they part. */
  async *#jsonRows(file: CroissantFile, wanted: readonly Wanted[]): AsyncGenerator<(readonly Cell[])[]> {
    const { path, member } = file.place;
    const paths = wanted.map(({ field, source: { extract } }) => {
      const written = extract.jsonPath ?? (extract.column && `$[*][${JSON.stringify(extract.column)}]`);
      const steps = written === undefined ? undefined : parseJsonPath(written);
      if (written !== undefined && steps === undefined) {
        this.#notes.add('bad-row', 'error', field.id, `has the JSON path ${written}, which is not supported.`);
      }
      return steps;
    });
    const common = commonLength(paths.filter((steps) => steps !== undefined));
    const base = paths.find((steps) => steps !== undefined)?.slice(0, common) ?? [];
    let row = 0;
    for await (const value of this.#jsonValues(file)) {
      for (const element of valuesAt(value, base)) {
        row++;
        yield wanted.map((field, at) => {
          const steps = paths[at];
          if (steps === undefined) return propertyOf(file, field);
          const mark = `${member ?? ''}${row}:${steps.map((step) => ('name' in step ? step.name : '')).join('')}`;
          const cells = cellsOf(valuesAt(element, steps.slice(common)), file.place, mark);
          return isMedia(field.field) ? cells.flatMap((cell) => this.#mediaOf(cell, path)) : cells;
        });
      }
    }
  }

  async *#jsonValues({ place }: CroissantFile): AsyncGenerator<unknown> {
    const { path, member } = place;
    if (isTable(member ?? path)) {
      yield* asFile(this.#root, place, (table) => fieldsIn(readRecords(table, this.#signal)));
      return;
    }
    const text = (await readWhole(locationOf(this.#root, place), MAX_JSON_BYTES)).toString('utf8');
    try {
      yield JSON.parse(text.replace(/^\uFEFF/, ''));
    } catch (error) {
      throw new InputError(`${path} is not JSON. Correct it.`, error);
    }
  }

  /** A cell that names a file: relative to the description, or to the table. */
  #mediaOf(cell: Cell, table: string): Cell[] {
    if (!('text' in cell)) return [cell];
    const candidates = [this.#folder, posix.dirname(table)].map((folder) => resolvePath(cell.text, folder));
    const path = candidates.find((candidate) => candidate !== undefined && this.#paths.has(candidate)) ?? candidates[0];
    if (path !== undefined) return [{ media: { path } }];
    const fault = `names ${JSON.stringify(cell.text)}, which is outside the root: it was not opened. Copy the file below the root.`;
    this.#notes.add('outside-root', 'error', `${table}#${cell.mark}`, fault);
    return [];
  }
}

export function isMedia({ dataTypes }: Field): boolean {
  return dataTypes.some((type) => MEDIA_TYPES.has(type));
}

/** `pairs.csv`, `archive.zip/pairs.csv`. */
function nameOf({ place: { path, member } }: CroissantFile): string {
  return member === undefined ? path : `${path}/${member}`;
}

async function* fieldsIn(records: AsyncGenerator<TableRecord | FaultyRecord>): AsyncGenerator<unknown> {
  for await (const record of records) if ('fields' in record) yield record.fields;
}

function propertyOf({ fullpath, place }: CroissantFile, { source: { extract } }: Wanted): Cell[] {
  const property = extract.fileProperty ?? 'content';
  if (property === 'content') return [{ media: place }];
  const text = property === 'filename' ? posix.basename(fullpath) : fullpath;
  return [{ text, place, mark: place.member === undefined ? property : `${place.member}:${property}` }];
}

/** Columns of a Parquet file that hold media as bytes, as such or in a struct with their path. */
async function bytesColumns(path: string): Promise<Set<string>> {
  if (!isParquet(path)) return new Set();
  const described = await query(`DESCRIBE SELECT * FROM read_parquet(${literal(withoutGlobs(path))})`, {}, Described);
  const holding = described.filter(
    ({ column_type: type }) => type === 'BLOB' || /^STRUCT\(.*\bbytes BLOB\b/.test(type),
  );
  return new Set(holding.map(({ column_name: name }) => name));
}

/** How many steps paths share, up to and with the last `[*]` that they share. */
function commonLength(paths: readonly (readonly Step[])[]): number {
  const [first = []] = paths;
  let length = 0;
  for (const [at, step] of first.entries()) {
    if (!paths.every((path) => JSON.stringify(path[at]) === JSON.stringify(step))) break;
    if ('every' in step) length = at + 1;
  }
  return length;
}
