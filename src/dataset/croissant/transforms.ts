import * as z from 'zod';
import { Database, literal } from '../../base/database.ts';
import { CancelledError } from '../../base/errors.ts';
import type { Cell, TextCell } from './cells.ts';
import type { FieldSource, Transform } from './document.ts';
import { parseJsonPath, valuesAt } from './jsonPath.ts';
import type { Notes } from './notes.ts';

const Matched = z.object({ place: z.number(), matched: z.boolean(), groups: z.array(z.string().nullable()) });

/** Of texts that one expression was applied to; those of a file name come again in every row. */
const REMEMBERED = 10_000;
const MAX_PATTERN = 4096;

/**
 * Applies the transforms of a source. Expressions come from outside, so they run in RE2 (the engine of DuckDB), whose time
 * grows in proportion to the text whatever the expression is.
 */
export class Transforms {
  readonly #notes: Notes;
  readonly #signal: AbortSignal | undefined;
  readonly #known = new Map<string, Map<string, string | undefined>>();
  #database: Database | undefined;

  constructor(notes: Notes, signal?: AbortSignal) {
    this.#notes = notes;
    this.#signal = signal;
  }

  /** @param id of the field @param rows the cells of the field in many records */
  async apply(id: string, source: FieldSource, rows: readonly (readonly Cell[])[]): Promise<(readonly Cell[])[]> {
    for (const name of source.ignored) {
      this.#notes.add('bad-row', 'warning', id, `asks for the transform "${name}", which is not applied.`);
    }
    let result = [...rows];
    for (const transform of source.transforms) result = await this.#applyOne(id, transform, result);
    return result;
  }

  close(): void {
    this.#database?.close();
  }

  async #applyOne(
    id: string,
    { kind, value }: Transform,
    rows: readonly (readonly Cell[])[],
  ): Promise<(readonly Cell[])[]> {
    if (kind === 'separator')
      return rows.map((cells) => cells.flatMap((cell) => mapText(cell, (text) => text.split(value))));
    if (kind === 'jsonPath') {
      const steps = parseJsonPath(value);
      if (steps === undefined) {
        this.#notes.add(
          'bad-row',
          'error',
          id,
          `has the JSON path ${value}, which is not supported: it was not applied.`,
        );
        return [...rows];
      }
      return rows.map((cells) =>
        cells.flatMap((cell) => mapText(cell, (text) => valuesAt(parsed(text), steps).map(asText))),
      );
    }
    const results = await this.#extract(id, value, rows);
    if (results === undefined) return [...rows];
    return rows.map((cells) =>
      cells.map((cell) => {
        if (!('text' in cell)) return cell;
        const found = results.get(cell.text);
        return found === undefined ? { ...cell, unmatched: true } : { ...cell, text: found };
      }),
    );
  }

  /** The first group that took part, by the text; texts that do not match have none. */
  async #extract(
    id: string,
    pattern: string,
    rows: readonly (readonly Cell[])[],
  ): Promise<ReadonlyMap<string, string | undefined> | undefined> {
    const known = this.#known.get(pattern) ?? new Map<string, string | undefined>();
    this.#known.set(pattern, known);
    if (known.size > REMEMBERED) known.clear();
    const texts = new Set(rows.flatMap((cells) => cells.flatMap((cell) => ('text' in cell ? [cell.text] : []))));
    const fresh = [...texts].filter((text) => !known.has(text));
    if (fresh.length === 0) return known;
    if (!(await this.#accepts(pattern))) {
      this.#notes.add(
        'bad-row',
        'error',
        id,
        `has the regular expression ${pattern}, which RE2 refuses: it was not applied.`,
      );
      return undefined;
    }
    for (const [place, found] of (await this.#match(pattern, fresh)).entries()) known.set(fresh[place] ?? '', found);
    return known;
  }

  async #accepts(pattern: string): Promise<boolean> {
    if (pattern.length > MAX_PATTERN) return false;
    const database = await this.#open();
    try {
      const expression = literal(pattern);
      const last = `regexp_extract('', ${expression}, ${countGroups(pattern)})`;
      await database.run(`SELECT regexp_matches('', ${expression}), ${last}`, {}, this.#signal);
      return true;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      return false;
    }
  }

  async #match(pattern: string, texts: readonly string[]): Promise<(string | undefined)[]> {
    const expression = literal(pattern);
    const groups = Array.from(
      { length: countGroups(pattern) },
      (_, at) => `regexp_extract(text, ${expression}, ${at + 1})`,
    );
    const database = await this.#open();
    for (const [place, text] of texts.entries()) database.append('texts', { place, text });
    database.flush();
    const sql = `SELECT place, regexp_matches(text, ${expression}) AS matched, [${groups.join(', ')}]::VARCHAR[] AS groups FROM texts ORDER BY place`;
    try {
      const rows = await database.query(sql, {}, Matched, this.#signal);
      return rows.map(({ place, matched, groups: taken }) =>
        matched ? (taken.find((group) => group !== null && group !== '') ?? texts[place]) : undefined,
      );
    } finally {
      await database.run('DELETE FROM texts');
    }
  }

  async #open(): Promise<Database> {
    if (this.#database === undefined) {
      this.#database = await Database.open();
      await this.#database.createTable('texts', { place: 'integer', text: 'text' });
    }
    return this.#database;
  }
}

/** Groups that capture; RE2 numbers them as Python does. */
function countGroups(pattern: string): number {
  const bare = pattern.replace(/\\./gs, '').replace(/\[\^?\]?[^\]]*\]/g, '');
  return [...bare.matchAll(/\((?!\?)|\(\?P?<(?![=!])/g)].length;
}

function mapText(cell: Cell, change: (text: string) => readonly string[]): Cell[] {
  if (!('text' in cell)) return [cell];
  const texts = change(cell.text).filter((text) => text !== '');
  return texts.map(
    (text, at): TextCell => ({ ...cell, text, mark: texts.length === 1 ? cell.mark : `${cell.mark}[${at}]` }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
