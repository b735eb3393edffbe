import { join, posix } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import { Modality, type Problem } from '../../protocol.ts';
import type { Column, TablePairing } from '../config.ts';
import { type Finding, type FoundItem, inList, labels, type Place, problemFinding } from './format.ts';
import { notPartOfLayout } from './pattern.ts';
import { readColumns, readRows, type TableRow } from './rows.ts';

/**
 * A manifest: every row links the items that its columns name, by path or as text in the cell. Paths are relative to the
 * folder of the table, or to `folder`; they may use "\". Absolute paths, addresses and paths that climb out of the root
 * are named and never opened.
 */
export async function* readTable(pairing: TablePairing, place: Place, signal?: AbortSignal): AsyncGenerator<Finding> {
  const path = join(place.root, pairing.file);
  await checkColumns(pairing, path);
  const reader = new RowReader(pairing, place);
  for await (const row of readRows(path, signal)) yield* reader.read(row);
  yield* reader.items();
  yield* reader.leftOut();
}

async function checkColumns(pairing: TablePairing, path: string): Promise<void> {
  const wanted = [
    ...Object.values(pairing.items).map((column) => ('path' in column ? column.path : column.cell)),
    ...[pairing.id, pairing.class, pairing.split].filter((name) => name !== undefined),
  ];
  const columns = await readColumns(path);
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const noun = missing.length === 1 ? 'column' : 'columns';
  throw new InputError(
    `The table ${path} has no ${noun} ${inList(missing.map((name) => `"${name}"`))}; it has ${inList(columns)}. Correct the dataset file.`,
  );
}

class RowReader {
  readonly #pairing: TablePairing;
  readonly #columns: (readonly [Modality, Column])[];
  readonly #place: Place;
  /** What each file is called in Unicode NFC, the form that names are compared in. */
  readonly #files: ReadonlyMap<string, string>;
  readonly #items = new Map<string, FoundItem>();
  readonly #pairs = new Map<string, number>();

  constructor(pairing: TablePairing, place: Place) {
    this.#pairing = pairing;
    this.#columns = Object.entries(pairing.items).map(([name, column]) => [Modality.parse(name), column]);
    this.#place = place;
    this.#files = new Map(place.files.map(({ path }) => [path.normalize('NFC'), path]));
  }

  *read(row: TableRow): Generator<Finding> {
    if ('fault' in row) {
      yield this.#problem('bad-row', row, row.fault);
      return;
    }
    const found: FoundItem[] = [];
    const problems: Problem[] = [];
    for (const [modality, column] of this.#columns) {
      const item = this.#itemOf(row, modality, column);
      if ('kind' in item) problems.push(item);
      else found.push(this.#merge(item, problems));
    }
    const ids = found.map((item) => item.id);
    yield* problems.map((problem) => problemFinding({ ...problem, items: [...new Set([...problem.items, ...ids])] }));
    for (const [index, first] of found.entries()) {
      for (const second of found.slice(index + 1)) yield this.#link(row, first, second);
    }
  }

  /** Every item that the rows named, once. */
  *items(): Generator<Finding> {
    for (const item of this.#items.values()) yield { type: 'item', item };
  }

  /** A problem for each file that no row names; where the layout's items lie, the file is an item without counterpart. */
  *leftOut(): Generator<Finding> {
    const used = new Set([...this.#items.values()].map((item) => item.path).concat(this.#pairing.file));
    const folders = new Map(this.#columns.map(([modality]) => [modality, this.#folderOf(modality)]));
    for (const { path } of this.#place.files) {
      if (used.has(path)) continue;
      const modality = mediaTypeOf(path)?.modality;
      const folder = modality && folders.get(modality);
      if (modality === undefined || folder === undefined || !path.startsWith(folder)) {
        yield problemFinding(notPartOfLayout(path, `no row of ${this.#pairing.file} names it`));
        continue;
      }
      yield { type: 'item', item: { id: path, modality, path } };
      const sentence = `${path} has no counterpart: no row of ${this.#pairing.file} names it. Add a row or delete the file.`;
      yield problemFinding({ kind: 'missing-counterpart', severity: 'warning', where: path, sentence, items: [path] });
    }
  }

  #itemOf(
    row: TableRow & { cells: ReadonlyMap<string, string> },
    modality: Modality,
    column: Column,
  ): FoundItem | Problem {
    const { file } = this.#pairing;
    const labelled = labels({ class: this.#cell(row, 'class'), split: this.#cell(row, 'split') });
    const name = 'path' in column ? column.path : column.cell;
    const value = row.cells.get(name);
    if (value === undefined) return this.#asProblem('bad-row', row, `has nothing in the column "${name}": fill it in`);
    if (!('path' in column)) {
      return { id: `${file}#${row.row}:${name}`, modality, path: file, row: row.row, text: value, ...labelled };
    }
    const path = resolvePath(value, column.folder ?? posix.dirname(file));
    if (path === undefined || this.#place.refused.has(path)) {
      const fault = `names ${JSON.stringify(value)}, which is outside the root: it was not opened. Copy the file below the root`;
      return this.#asProblem('outside-root', row, fault);
    }
    const there = this.#files.get(path.normalize('NFC'));
    if (there !== undefined) return { id: there, modality, path: there, ...labelled };
    return this.#asProblem(
      'missing-file',
      row,
      `names ${path}, but there is no such file: restore it or delete the row`,
    );
  }

  /** One file may stand in many rows; they should agree on its class and split. */
  #merge(item: FoundItem, problems: Problem[]): FoundItem {
    const known = this.#items.get(item.id);
    if (known === undefined) {
      this.#items.set(item.id, item);
      return item;
    }
    if (known.class !== item.class) {
      const sentence = `${item.path} stands in rows of the classes ${known.class ?? 'none'} and ${item.class ?? 'none'}; the first one counts. Correct the table.`;
      problems.push({ kind: 'ambiguous-pairing', severity: 'warning', where: item.path, sentence, items: [item.id] });
    }
    if (known.split !== item.split) {
      const sentence = `${item.path} stands in rows of the splits ${known.split ?? 'none'} and ${item.split ?? 'none'}: a leak, because what is tested was seen in training.`;
      problems.push({ kind: 'exact-duplicate', severity: 'warning', where: item.path, sentence, items: [item.id] });
    }
    return known;
  }

  #link(row: TableRow & { cells: ReadonlyMap<string, string> }, first: FoundItem, second: FoundItem): Finding {
    const both = JSON.stringify([first.id, second.id]);
    const earlier = this.#pairs.get(both);
    if (earlier !== undefined) {
      return this.#problem('exact-duplicate', row, `links the same items as row ${earlier}, so it counts once`, [
        first.id,
        second.id,
      ]);
    }
    this.#pairs.set(both, row.row);
    return {
      type: 'pair',
      pair: {
        key: this.#cell(row, 'id') ?? nameOf(first, second, row.row),
        first: { modality: first.modality, item: first.id },
        second: { modality: second.modality, item: second.id },
        strength: this.#pairing.strength,
        ...labels({ class: this.#cell(row, 'class'), split: this.#cell(row, 'split') }),
      },
    };
  }

  #cell({ cells }: { cells: ReadonlyMap<string, string> }, which: 'id' | 'class' | 'split'): string | undefined {
    const column = this.#pairing[which];
    return column === undefined ? undefined : cells.get(column);
  }

  /** The folder, with a final "/", that all files of a modality lie below; `undefined` when it has none. */
  #folderOf(modality: Modality): string | undefined {
    let common: string[] | undefined;
    for (const item of this.#items.values()) {
      if (item.modality !== modality || item.row !== undefined) continue;
      const parts = item.path.split('/').slice(0, -1);
      const differing = common?.findIndex((part, index) => part !== parts[index]) ?? -1;
      common = common === undefined ? parts : differing < 0 ? common : common.slice(0, differing);
    }
    return common?.map((part) => `${part}/`).join('');
  }

  #asProblem(kind: 'bad-row' | 'missing-file' | 'outside-root', row: TableRow, fault: string): Problem {
    const { file } = this.#pairing;
    const sentence = `${file}, row ${row.row} (line ${row.line}) ${fault}.`;
    return { kind, severity: 'error', where: `${file}#${row.row}`, sentence, items: [] };
  }

  #problem(kind: 'bad-row' | 'exact-duplicate', row: TableRow, fault: string, items: string[] = []): Finding {
    const { file } = this.#pairing;
    const severity = kind === 'bad-row' ? 'error' : 'warning';
    const sentence = `${file}, row ${row.row} (line ${row.line}) ${fault}.`;
    return problemFinding({ kind, severity, where: `${file}#${row.row}`, sentence, items });
  }
}

/** Path below the root that a cell means; `undefined` for an address, an absolute path or one that climbs out. */
export function resolvePath(cell: string, folder: string): string | undefined {
  const slashed = cell.replaceAll('\\', '/');
  if (slashed.includes('://') || slashed.startsWith('/') || /^[A-Za-z]:/.test(slashed)) return undefined;
  const path = posix.normalize(posix.join(folder, slashed));
  return path === '..' || path.startsWith('../') ? undefined : path;
}

function nameOf(first: FoundItem, second: FoundItem, row: number): string {
  const file = [first, second].find((item) => item.row === undefined);
  return file === undefined ? `row ${row}` : posix.basename(file.path, posix.extname(file.path));
}
