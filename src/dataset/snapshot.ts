import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../base/errors.ts';
import { readJson, readTextIfThere } from '../base/files.ts';
import { query } from '../base/table.ts';
import {
  Modality,
  type ModalityPair,
  type PairFilter,
  type PairGroup,
  type PairRow,
  type Problem,
  type ProblemKind,
  SnapshotSummary,
} from '../protocol.ts';
import type { Dataset } from './config.ts';

/** One item of a snapshot. */
export const ItemRow = z.object({
  /** Path relative to the root with "/"; for a cell of a table `pairs.csv#<row>:<column>`. */
  id: z.string(),
  modality: Modality,
  /** Of the file, or of the table that holds the cell; relative to the root. */
  path: z.string(),
  absolutePath: z.string(),
  /** Row of the table for a cell; the first row after the header is 1. */
  row: z.number().optional(),
  /** The text of a cell. */
  text: z.string().optional(),
  bytes: z.number(),
  class: z.string().optional(),
  split: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  channels: z.number().optional(),
  sampleRate: z.number().optional(),
  seconds: z.number().optional(),
  characters: z.number().optional(),
  readable: z.boolean(),
});
export type ItemRow = z.infer<typeof ItemRow>;

/** The id of the newest whole snapshot, `undefined` when the dataset has not been indexed. */
export async function currentSnapshotId(dataset: Dataset): Promise<string | undefined> {
  return (await readTextIfThere(join(dataset.folder, 'current')))?.trim();
}

/** Reads one immutable snapshot through DuckDB over its Parquet files. */
export class Snapshot {
  readonly dataset: Dataset;
  readonly summary: SnapshotSummary;

  private constructor(dataset: Dataset, summary: SnapshotSummary) {
    this.dataset = dataset;
    this.summary = summary;
  }

  /** The newest snapshot. Throws {@link InputError} when the dataset has not been indexed. */
  static async open(dataset: Dataset): Promise<Snapshot> {
    const id = await currentSnapshotId(dataset);
    const summary = id && (await readJson(join(dataset.folder, 'snapshots', id, 'snapshot.json'), SnapshotSummary));
    if (!summary) {
      throw new InputError(
        `${dataset.name} has not been indexed yet: run \`pairlab index ${JSON.stringify(dataset.path)}\`.`,
      );
    }
    return new Snapshot(dataset, summary);
  }

  /** Readable items of a modality, ordered by id. */
  async items(_modality: Modality): Promise<ItemRow[]> {
    return await query('', {}, ItemRow);
  }

  /** All pairs whose two items are readable, ordered by key and id; `first` and `second` as asked. */
  async pairs(_modalities: ModalityPair): Promise<PairRow[]> {
    throw new Error('not yet');
  }

  /** How many pairs and problems each split or class has; `''` counts pairs without one. */
  async groups(_by: 'split' | 'class', _filter: PairFilter): Promise<PairGroup[]> {
    throw new Error('not yet');
  }

  /** Pairs, also with unreadable items, ordered by key and id. */
  async page(_filter: PairFilter, _offset: number, _limit: number): Promise<{ total: number; rows: PairRow[] }> {
    throw new Error('not yet');
  }

  /** One pair with its items (also unreadable ones), problems and neighbours of the same modalities, split and class. */
  async pair(
    _id: string,
  ): Promise<{ pair: PairRow; items: ItemRow[]; problems: Problem[]; previous?: string; next?: string }> {
    throw new Error('not yet');
  }

  async problems(
    _filter: { kind?: ProblemKind },
    _offset: number,
    _limit: number,
  ): Promise<{ total: number; problems: Problem[] }> {
    throw new Error('not yet');
  }

  close(): void {}
}
