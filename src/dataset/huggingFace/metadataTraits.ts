import { extname } from 'node:path';
import type { Modality, Problem } from '../../protocol.ts';
import { inList } from '../formats/format.ts';
import type { TableRecord } from '../formats/records.ts';

/** The texts that `pandas.read_csv` reads as missing by default, besides the empty one. */
const MISSING: ReadonlySet<string> = new Set(
  '#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split('|'),
);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const FIRST_ROWS = 3;

interface Column {
  cells: number;
  numbers: number;
  missing: number;
  readonly rows: number[];
}

/**
 * What Hugging Face would make of the cells of metadata files although PairLab takes them as they are written: texts
 * that mean "missing" to pandas, file names that are numbers to it, rows at which it stops, and files whose columns differ.
 */
export class MetadataTraits {
  readonly #names = new Map<string, string>();
  readonly #columns = new Map<string, Map<string, Column>>();
  /** The first row of a file that cannot be read. */
  readonly #broken = new Map<string, number>();

  look(
    file: string,
    { row, fields }: TableRecord,
    items: Readonly<Partial<Record<Modality, readonly string[]>>>,
  ): void {
    if (!this.#names.has(file)) this.#names.set(file, Object.keys(fields).sort().join(', '));
    if (extname(file) !== '.csv') return;
    for (const name of Object.values(items).flat()) {
      const cell = fields[name];
      if (typeof cell !== 'string') continue;
      const column = this.#columnOf(file, name);
      column.cells++;
      if (NUMBER.test(cell)) column.numbers++;
      if (!MISSING.has(cell)) continue;
      column.missing++;
      if (column.rows.length < FIRST_ROWS) column.rows.push(row);
    }
  }

  lookAtFault(file: string, row: number): void {
    if (!this.#broken.has(file)) this.#broken.set(file, row);
  }

  *problems(): Generator<Problem> {
    for (const [file, row] of this.#broken) {
      if (extname(file) !== '.jsonl') continue;
      yield dropped(
        file,
        `Hugging Face refuses the folder because of row ${row} of ${file}, which cannot be read. PairLab leaves out such rows only.`,
      );
    }
    for (const [file, columns] of this.#columns) {
      for (const [name, { cells, numbers, missing, rows }] of columns) {
        if (missing > 0) {
          const some = `${missing.toLocaleString('en')} ${missing === 1 ? 'cell' : 'cells'} of "${name}"`;
          const first = `${rows.length === 1 ? 'row' : 'rows'} ${inList(rows.map(String))}`;
          yield dropped(
            file,
            `Hugging Face reads ${some} in ${file} as missing, such as those of ${first}. PairLab keeps the words as they are written.`,
          );
        }
        if (cells > 0 && numbers === cells && /file_names?$/.test(name)) {
          yield dropped(
            file,
            `Hugging Face reads all of "${name}" in ${file} as numbers and then finds no file name: it refuses the folder. PairLab keeps them as names.`,
          );
        }
      }
    }
    const [first, ...others] = this.#names;
    const other = first && others.find(([, names]) => names !== first[1]);
    if (first === undefined || other === undefined) return;
    const sentence = `${other[0]} has other columns (${other[1]}) than ${first[0]} (${first[1]}): Hugging Face refuses splits whose first metadata files differ.`;
    yield { kind: 'mixed-fields', severity: 'warning', where: other[0], sentence, items: [] };
  }

  #columnOf(file: string, name: string): Column {
    const columns = this.#columns.get(file) ?? new Map<string, Column>();
    this.#columns.set(file, columns);
    const column = columns.get(name) ?? { cells: 0, numbers: 0, missing: 0, rows: [] };
    columns.set(name, column);
    return column;
  }
}

function dropped(where: string, sentence: string): Problem {
  return { kind: 'dropped-by-hugging-face', severity: 'information', where, sentence, items: [] };
}
