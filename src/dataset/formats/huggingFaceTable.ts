import { join, posix } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import { ContainerError } from '../../container/containerError.ts';
import { type Modality, type ProblemKind, Strength } from '../../protocol.ts';
import { cellTableCandidates } from '../guess/cellTables.ts';
import type { Staging } from '../staging.ts';
import { openCells, requireColumns } from './cellRows.ts';
import type { CellRow, CellTable, CellValue } from './cellTable.ts';
import type { Format, FoundItem } from './format.ts';
import { resolvePath } from './paths.ts';
import { modalitiesIn, perModality } from './pattern.ts';
import { claimSavedDataset } from './savedDataset.ts';
import { findShards, type ShardFile, ShardPattern } from './shardPattern.ts';

const HuggingFaceTablePairing = z.strictObject({
  layout: z.literal('hugging-face-table'),
  files: z.union([ShardPattern, z.array(ShardPattern).min(1)]),
  items: perModality(z.union([z.string(), z.array(z.string()).min(1)])).describe('the columns that hold the items'),
  id: z.string().optional(),
  class: z.string().optional(),
  strength: Strength,
});
export type HuggingFaceTablePairing = z.infer<typeof HuggingFaceTablePairing>;

/**
 * Parquet files, or the Arrow files of `save_to_disk`, whose rows hold pictures or sounds as bytes beside texts. Only the
 * texts are read; media are read from their cells when they are needed. A cell without bytes may name a file instead.
 */
export const huggingFaceTable: Format<typeof HuggingFaceTablePairing> = {
  schema: HuggingFaceTablePairing,
  modalities: ({ items }) => modalitiesIn(items),
  leftOver: ({ files }) => `no row of ${asList(files).join(', ')} names it`,
  propose: ({ root, files }) => cellTableCandidates(root, files),
  read: readTables,
};

async function readTables(
  pairing: HuggingFaceTablePairing,
  staging: Staging,
  { signal, progress }: Job,
): Promise<void> {
  const files = await findShards(staging, asList(pairing.files), signal);
  await claimSavedDataset(staging, files, signal);
  let first: InputError | undefined;
  let read = 0;
  for (const [index, file] of files.entries()) {
    progress?.({ stage: 'reading tables', done: index, total: files.length });
    staging.claim(file.path);
    try {
      const table = await openCells(join(staging.root, file.path));
      requireColumns(table, columnsOf(pairing));
      await new TableReader(pairing, staging, file, table).read(signal);
      read++;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      first ??= error;
      const isUnsupported = error instanceof ContainerError && error.problem === 'unsupported-format';
      const kind = isUnsupported ? 'unsupported-format' : 'broken-archive';
      staging.problem({ kind, severity: 'error', where: file.path, sentence: error.message, items: [] });
    }
  }
  if (read === 0 && first !== undefined) throw first;
}

class TableReader {
  readonly #pairing: HuggingFaceTablePairing;
  readonly #staging: Staging;
  readonly #file: ShardFile;
  readonly #table: CellTable;
  readonly #columns: readonly (readonly [Modality, string])[];
  readonly #classes: readonly string[];

  constructor(pairing: HuggingFaceTablePairing, staging: Staging, file: ShardFile, table: CellTable) {
    this.#pairing = pairing;
    this.#staging = staging;
    this.#file = file;
    this.#table = table;
    this.#columns = modalitiesIn(pairing.items).flatMap((modality) =>
      asList(pairing.items[modality] ?? []).map((column) => [modality, column] as const),
    );
    this.#classes = table.features.get(pairing.class ?? '')?.names ?? [];
  }

  async read(signal: AbortSignal | undefined): Promise<void> {
    let row = 0;
    for await (const rows of this.#table.rows(columnsOf(this.#pairing), this.#staging.database, signal)) {
      for (const cells of rows) this.#readRow(++row, cells);
    }
    const { fault } = this.#table;
    const { path } = this.#file;
    if (fault === undefined) return;
    this.#staging.problem({
      kind: 'broken-archive',
      severity: 'error',
      where: path,
      sentence: `${path} ${fault}`,
      items: [],
    });
  }

  #readRow(row: number, cells: CellRow): void {
    const labels = { class: this.#classOf(cells), split: this.#file.split };
    const items = this.#columns.flatMap(([modality, column]) =>
      this.#itemsOf(row, modality, column, cells).map((item) => ({ ...item, ...labels })),
    );
    const named = `${this.#file.path}#${row}`;
    for (const item of items) this.#staging.item({ ...item, named });
    for (const [index, first] of items.entries()) {
      for (const second of items.slice(index + 1)) {
        if (first.modality === second.modality) continue;
        this.#staging.pair({
          key: this.#keyOf(row, cells),
          first: { modality: first.modality, item: first.id },
          second: { modality: second.modality, item: second.id },
          strength: this.#pairing.strength,
          named,
          ...labels,
        });
      }
    }
  }

  /** One item for each value, or for each element of a list, which counts in brackets: `caption[0]`. */
  #itemsOf(row: number, modality: Modality, column: string, cells: CellRow): FoundItem[] {
    const value = cells.get(column);
    if (!isList(value)) return this.#itemOf(row, modality, column, value);
    if (value.length === 0) return this.#itemOf(row, modality, column, undefined);
    return value.flatMap((element, index) => this.#itemOf(row, modality, `${column}[${index}]`, element));
  }

  #itemOf(row: number, modality: Modality, column: string, value: CellValue | undefined): FoundItem[] {
    const { path } = this.#file;
    const id = `${path}#${row}:${column}`;
    if (value === undefined || value === '') {
      const kind = modality === 'text' ? 'missing-text' : 'bad-row';
      return this.#fault(kind, row, `has nothing in the column "${column}": fill it in or delete the row`);
    }
    if (typeof value !== 'object') {
      if (modality === 'text') return [{ id, modality, path, row, column, text: String(value) }];
      return this.#fault('bad-row', row, `holds no ${modality} in the column "${column}": correct the dataset file`);
    }
    if (value.isStored) return [{ id, modality, path, row, column, member: value.name }];
    const file = resolvePath(value.name ?? '', posix.dirname(path));
    if (file !== undefined) return [{ id: file, modality, path: file }];
    return this.#fault(
      'outside-root',
      row,
      `names ${JSON.stringify(value.name)}, which is outside the root: it was not opened`,
    );
  }

  #classOf(cells: CellRow): string | undefined {
    const value = this.#pairing.class === undefined ? undefined : cells.get(this.#pairing.class);
    if (typeof value === 'number') return this.#classes[value] ?? String(value);
    return typeof value === 'string' ? value : undefined;
  }

  #keyOf(row: number, cells: CellRow): string {
    const id = this.#pairing.id === undefined ? undefined : cells.get(this.#pairing.id);
    return typeof id === 'string' || typeof id === 'number' ? String(id) : `${posix.basename(this.#file.path)}#${row}`;
  }

  #fault(kind: ProblemKind, row: number, fault: string): FoundItem[] {
    const { path } = this.#file;
    const sentence = `${path}, row ${row} ${fault}.`;
    this.#staging.problem({ kind, severity: 'error', where: `${path}#${row}`, sentence, items: [] });
    return [];
  }
}

function columnsOf({ items, id, class: label }: HuggingFaceTablePairing): string[] {
  const media = modalitiesIn(items).flatMap((modality) => asList(items[modality] ?? []));
  return [...new Set([...media, ...[id, label].filter((name) => name !== undefined)])];
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return isList(value) ? value : [value];
}

function isList<T, U>(value: T | readonly U[]): value is readonly U[] {
  return Array.isArray(value);
}
