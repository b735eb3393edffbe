import type { Place } from '../formats/format.ts';
import { type Cell, type CroissantRecord, cellsOf, textsOf } from './cells.ts';
import type { Croissant, Field, FieldSource, RecordSet } from './document.ts';
import type { Notes } from './notes.ts';
import type { Sources } from './sources.ts';
import type { Transforms } from './transforms.ts';

/** Record sets that take their fields from each other, one in the other, beyond this are a circle. */
const MAX_NESTING = 8;
const ROWS_PER_BATCH = 2048;

/** A field with its source; the two ends of a join are alike. */
interface Sourced {
  readonly field: Field;
  readonly source: FieldSource;
}

interface Join {
  /** The field of the record set that holds the key. */
  readonly key: Sourced;
  /** Where the key is looked up. */
  readonly target: FieldSource;
}

/** Reads the records of record sets, joined as their references say. */
export class Records {
  readonly #croissant: Croissant;
  readonly #sources: Sources;
  readonly #transforms: Transforms;
  readonly #notes: Notes;
  /** The description itself, for the data that stand in it. */
  readonly #file: string;
  readonly #setOfField: ReadonlyMap<string, RecordSet>;

  constructor(croissant: Croissant, sources: Sources, transforms: Transforms, notes: Notes, file: string) {
    this.#croissant = croissant;
    this.#sources = sources;
    this.#transforms = transforms;
    this.#notes = notes;
    this.#file = file;
    this.#setOfField = new Map(croissant.recordSets.flatMap((set) => set.fields.map(({ id }) => [id, set])));
  }

  /**
   * The records of a set, a few thousand at a time, with the cells of the fields that are asked for. A field of another
   * record set is brought in through a field that references that set.
   */
  async *read(set: RecordSet, ids: readonly string[], depth = 0): AsyncGenerator<readonly CroissantRecord[]> {
    if (set.data !== undefined && set.data.length > 0) {
      yield set.data.map((row, at) => recordOf(set, row, { path: this.#file }, `${set.id}[${at}]`));
      return;
    }
    if (depth > MAX_NESTING) {
      this.#notes.add(
        'bad-row',
        'error',
        set.id,
        'takes its fields from record sets that take theirs from each other.',
      );
      return;
    }
    const fields = ids.map((id) => this.#fieldOf(set, id)).filter((field) => field !== undefined);
    const sourced = fields.flatMap((field) => (field.source === undefined ? [] : [{ field, source: field.source }]));
    const constants = fields.flatMap(({ id, value }): [string, readonly Cell[]][] =>
      value === undefined ? [] : [[id, cellsOf(value, { path: this.#file }, id)]],
    );
    const origins = [...new Set(sourced.map(({ source }) => this.#originOf(source)))];
    const joins = this.#joinsOf(set);
    const targets = joins.map(({ target }) => this.#originOf(target));
    const base = origins.find((origin) => !targets.includes(origin)) ?? origins[0];
    if (base === undefined) return;
    const joined = await this.#joinAll(set, base, origins, joins, sourced, depth);
    const own = sourced.filter(({ source }) => this.#originOf(source) === base);
    const keys = joined.map(({ join }) => join.key);
    for await (const rows of this.#rowsOf(base, [...own, ...keys], depth)) {
      const records = rows.flatMap((row) => {
        const record = new Map([
          ...constants,
          ...own.map(({ field }, at): [string, readonly Cell[]] => [field.id, row[at] ?? []]),
        ]);
        return joined.reduce<Map<string, readonly Cell[]>[]>(
          (list, { found }, at) => list.flatMap((partial) => extended(partial, row[own.length + at], found)),
          [record],
        );
      });
      for (let from = 0; from < records.length; from += ROWS_PER_BATCH)
        yield records.slice(from, from + ROWS_PER_BATCH);
    }
  }

  /** Reads the other side of each join that is needed into memory, by its key. */
  async #joinAll(
    set: RecordSet,
    base: string,
    origins: readonly string[],
    joins: readonly Join[],
    sourced: readonly Sourced[],
    depth: number,
  ): Promise<{ join: Join; found: ReadonlyMap<string, readonly CroissantRecord[]> }[]> {
    const all: { join: Join; found: ReadonlyMap<string, readonly CroissantRecord[]> }[] = [];
    for (const origin of origins) {
      if (origin === base) continue;
      const join = joins.find(
        ({ key, target }) => this.#originOf(key.source) === base && this.#originOf(target) === origin,
      );
      const fields = sourced.filter(({ source }) => this.#originOf(source) === origin);
      if (join === undefined) {
        const names = fields.map(({ field }) => field.id).join(', ');
        this.#notes.add(
          'bad-row',
          'error',
          set.id,
          `has no "references" that leads from ${base} to ${origin}: ${names} could not be read.`,
        );
        continue;
      }
      all.push({ join, found: await this.#index(origin, fields, join, depth) });
    }
    return all;
  }

  async #index(
    origin: string,
    fields: readonly Sourced[],
    { key, target }: Join,
    depth: number,
  ): Promise<Map<string, CroissantRecord[]>> {
    const found = new Map<string, CroissantRecord[]>();
    const wanted = [...fields, { field: { ...key.field, dataTypes: [] }, source: target }];
    for await (const rows of this.#rowsOf(origin, wanted, depth)) {
      for (const row of rows) {
        const record = new Map(fields.map(({ field }, at): [string, readonly Cell[]] => [field.id, row[at] ?? []]));
        for (const text of textsOf(row[fields.length])) {
          const same = found.get(text);
          if (same === undefined) found.set(text, [record]);
          else same.push(record);
        }
      }
    }
    return found;
  }

  /** The cells of fields of one origin, in their order, with their transforms applied. */
  async *#rowsOf(origin: string, wanted: readonly Sourced[], depth: number): AsyncGenerator<(readonly Cell[])[][]> {
    const set = this.#croissant.recordSets.find(({ id }) => `record set ${id}` === origin);
    const rows =
      set === undefined
        ? this.#sources.rowsOf(wanted[0]?.source.id ?? '', wanted)
        : this.#rowsOfSet(set, wanted, depth);
    for await (const batch of rows) {
      const columns: (readonly Cell[])[][] = [];
      for (const [at, { field, source }] of wanted.entries()) {
        columns.push(
          await this.#transforms.apply(
            field.id,
            source,
            batch.map((row) => row[at] ?? []),
          ),
        );
      }
      yield batch.map((_, row) => columns.map((column) => column[row] ?? []));
    }
  }

  async *#rowsOfSet(set: RecordSet, wanted: readonly Sourced[], depth: number): AsyncGenerator<(readonly Cell[])[][]> {
    const ids = [...new Set(wanted.map(({ source }) => source.id))];
    for await (const records of this.read(set, ids, depth + 1)) {
      yield records.map((record) => wanted.map(({ source }) => record.get(source.id) ?? []));
    }
  }

  #joinsOf(set: RecordSet): Join[] {
    return set.fields.flatMap((field) => {
      const { source } = field;
      return source === undefined ? [] : field.references.map((target) => ({ key: { field, source }, target }));
    });
  }

  /** A field of the set, or one of another set as if the set took it from there. */
  #fieldOf(set: RecordSet, id: string): Field | undefined {
    const own = set.fields.find((field) => field.id === id);
    if (own !== undefined) return own;
    const other = this.#setOfField.get(id)?.fields.find((field) => field.id === id);
    if (other !== undefined)
      return { ...other, references: [], source: { id, extract: {}, transforms: [], ignored: [] } };
    this.#notes.add('bad-row', 'error', set.id, `has no field ${id}: correct the dataset file.`);
    return undefined;
  }

  #originOf({ id }: FieldSource): string {
    const set = this.#setOfField.get(id);
    return set === undefined ? id : `record set ${set.id}`;
  }
}

/** A left join: a record whose key is nowhere stays as it is. */
function extended(
  record: Map<string, readonly Cell[]>,
  key: readonly Cell[] | undefined,
  found: ReadonlyMap<string, readonly CroissantRecord[]>,
): Map<string, readonly Cell[]>[] {
  const matches = textsOf(key).flatMap((text) => found.get(text) ?? []);
  return matches.length === 0 ? [record] : matches.map((match) => new Map([...record, ...match]));
}

/** Rows in the description are keyed by the fields' ids, or by what stands behind the last "/". */
function recordOf(set: RecordSet, row: Readonly<Record<string, unknown>>, place: Place, mark: string): CroissantRecord {
  return new Map(
    set.fields.map(({ id }): [string, Cell[]] => {
      const name = Object.hasOwn(row, id) ? id : id.slice(id.lastIndexOf('/') + 1);
      return [id, Object.hasOwn(row, name) ? cellsOf(row[name], place, `${mark}/${name}`) : []];
    }),
  );
}
