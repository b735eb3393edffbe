/**
 * Rows on their way from a thread to the database: the cells of each column in one text, separated by {@link SEPARATOR},
 * because copying objects between threads costs more than making what they hold. An empty cell is an absent one; columns
 * without any cell are left out.
 */
export interface PackedRows {
  readonly count: number;
  readonly columns: Readonly<Record<string, string>>;
}

/** No path holds it. */
export const SEPARATOR = '\0';

/** Gathers rows of some columns. */
export class RowPacker<C extends string> {
  readonly #columns: ReadonlyMap<C, string[]>;
  #count = 0;

  constructor(columns: readonly C[]) {
    this.#columns = new Map(columns.map((name) => [name, []]));
  }

  get count(): number {
    return this.#count;
  }

  add(row: { readonly [name in C]?: string | number | undefined }): void {
    for (const [name, cells] of this.#columns) cells.push(textOf(row[name]));
    this.#count++;
  }

  /** What was added since the last time. */
  take(): PackedRows {
    const columns: Record<string, string> = {};
    for (const [name, cells] of this.#columns) {
      const joined = cells.join(SEPARATOR);
      cells.length = 0;
      if (this.#count > 0 && joined.length >= this.#count) columns[name] = joined;
    }
    const count = this.#count;
    this.#count = 0;
    return { count, columns };
  }
}

/** Rows after rows, which may have other columns. */
export function concatenate(all: readonly PackedRows[]): PackedRows {
  const parts = all.filter(({ count }) => count > 0);
  const names = new Set(parts.flatMap(({ columns }) => Object.keys(columns)));
  const cellsOf = (name: string): string =>
    parts.map(({ count, columns }) => columns[name] ?? SEPARATOR.repeat(count - 1)).join(SEPARATOR);
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    columns: Object.fromEntries([...names].map((name) => [name, cellsOf(name)])),
  };
}

/** A number that is none is absent, as in JSON. */
function textOf(cell: string | number | undefined): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  return cell.includes(SEPARATOR) ? cell.replaceAll(SEPARATOR, '\u{FFFD}') : cell;
}
