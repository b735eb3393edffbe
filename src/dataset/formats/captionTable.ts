import type { Columns } from '../../base/database.ts';
import type { Modality } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import { addFault, type Spot } from './captions.ts';

/** A picture or a sound that a caption is about. */
export interface Medium {
  /** Relative to the root. */
  readonly path: string;
  readonly split?: string | undefined;
  /** Who spoke, or what it was cut from. */
  readonly source?: string | undefined;
  /** Absent for the whole of it. */
  readonly segment?: Segment | undefined;
}

/** A part of a sound in seconds; without `end` it goes to the end of the sound. */
export interface Segment {
  /** `1.25-3.5`. */
  readonly name: string;
  readonly start: number;
  readonly end?: number | undefined;
}

/** Times are rounded to microseconds, so that sums of decimals read as decimals. */
export function segmentOf(start: number, end: number | undefined): Segment {
  const round = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;
  const [from, to] = [round(start), end === undefined ? undefined : round(end)];
  return { name: `${from}-${to ?? ''}`, start: from, end: to };
}

const CAPTIONS = {
  file: 'text',
  mark: 'text',
  row: 'integer',
  column: 'text',
  path: 'text',
  segment: 'text',
  start: 'number',
  end: 'number',
  source: 'text',
  split: 'text',
  text: 'text',
  key: 'text',
} as const satisfies Columns;

/**
 * The captions of a layout: a table of places, each with the medium that it names and mostly a text about it. Items and
 * pairs are made of it by SQL, which takes a third of the time of adding each of them by itself.
 */
export class CaptionTable {
  readonly #staging: Staging;
  readonly #modality: Exclude<Modality, 'text'>;

  private constructor(staging: Staging, modality: Exclude<Modality, 'text'>) {
    this.#staging = staging;
    this.#modality = modality;
  }

  static async create(staging: Staging, modality: Exclude<Modality, 'text'>): Promise<CaptionTable> {
    await staging.database.dropTable('captions');
    await staging.database.createTable('captions', CAPTIONS);
    return new CaptionTable(staging, modality);
  }

  /** A medium that a file lists without saying anything about it there. */
  list(spot: Spot, medium: Medium): void {
    this.#append(spot, medium);
  }

  /** A text about a medium. One that is empty becomes a problem, and the medium is listed only. */
  add(spot: Spot, medium: Medium, caption: string, key: string): void {
    const text = caption.trim();
    this.#append(spot, medium, text === '' ? {} : { text, key });
    if (text === '') {
      addFault(this.#staging, spot, 'missing-text', 'has no text: fill it in or delete it', [idOf(medium)]);
    }
  }

  /** Makes items and pairs of everything that was added. */
  async finish(signal: AbortSignal | undefined): Promise<void> {
    const { database } = this.#staging;
    database.flush();
    const modality = `'${this.#modality}'`;
    const medium = "path || coalesce('#' || segment, '')";
    const place = "file || '#' || mark";
    await database.run(
      `INSERT INTO found_items (id, modality, path, start, "end", split, source, named)
        SELECT ${medium}, ${modality}, path, start, "end", split, source, ${place} FROM captions
        WHERE rowid IN (SELECT min(rowid) FROM captions GROUP BY path, segment, start, "end", split, source)
        ORDER BY rowid`,
      {},
      signal,
    );
    const said = 'FROM captions WHERE text IS NOT NULL';
    this.#staging.found(
      'items',
      `SELECT rowid AS turn, ${place} AS id, 'text' AS modality, file AS path, row, "column", text, split, ${place} AS named ${said}`,
    );
    this.#staging.found(
      'pairs',
      `SELECT rowid AS turn, key, ${modality} AS firstModality, ${medium} AS firstItem, 'text' AS secondModality,
        ${place} AS secondItem, split, 'strong' AS strength, ${place} AS named ${said}`,
    );
  }

  #append(
    { file, mark, row, column }: Spot,
    { path, segment, source, split }: Medium,
    said: { text?: string; key?: string } = {},
  ): void {
    const { database } = this.#staging;
    const { start, end } = segment ?? {};
    database.append('captions', {
      file,
      mark,
      row,
      column,
      path,
      segment: segment?.name,
      start,
      end,
      source,
      split,
      ...said,
    });
  }
}

function idOf({ path, segment }: Medium): string {
  return segment === undefined ? path : `${path}#${segment.name}`;
}
