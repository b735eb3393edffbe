import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import { Strength } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import { Below } from './captions.ts';
import { openCells, requireColumns } from './cellRows.ts';
import type { CellRow } from './cellTable.ts';
import type { Candidate, Folder, Format } from './format.ts';
import { claimFile } from './ownFile.ts';
import { findShards, ShardPattern } from './shardPattern.ts';
import { readUidSet, type UidSet } from './uidSet.ts';
import { addVectors } from './vectorItems.ts';

const DatacompPairing = z.strictObject({
  layout: z.literal('datacomp'),
  tables: ShardPattern.describe('the .parquet files; an .npz of the same name lies beside each'),
  vectors: z.enum(['b32', 'l14']).describe('the CLIP model whose vectors are used: ViT-B/32 or ViT-L/14'),
  subset: Below.optional().describe('an .npy file with the uids that count, as a filter writes it'),
  strength: Strength,
});
type DatacompPairing = z.infer<typeof DatacompPairing>;

/**
 * The metadata of DataComp: tables of captions with uids, and beside each the CLIP vectors of its pictures and captions,
 * row by row. The pictures themselves are not part of it.
 */
export const datacomp: Format<typeof DatacompPairing> = {
  schema: DatacompPairing,
  modalities: () => ['image', 'text'],
  leftOver: () => 'the dataset reads vectors and captions from its tables',
  propose: proposeDatacomp,
  read: readDatacomp,
};

async function readDatacomp(pairing: DatacompPairing, staging: Staging, job: Job): Promise<void> {
  const tables = await findShards(staging, [pairing.tables], job.signal);
  const subset = pairing.subset === undefined ? undefined : readUidSet(await claimFile(staging, pairing.subset));
  for (const [index, { path }] of tables.entries()) {
    job.progress?.({ stage: 'reading shards', done: index, total: tables.length });
    try {
      await readShard(pairing, staging, path, subset, job.signal);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      staging.problem({ kind: 'broken-archive', severity: 'error', where: path, sentence: error.message, items: [] });
    }
  }
}

async function readShard(
  { vectors, strength }: DatacompPairing,
  staging: Staging,
  table: string,
  subset: UidSet | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const arrays = table.replace(/\.[^./]+$/, '.npz');
  staging.claim(table);
  await claimFile(staging, arrays);
  const rows = await readRows(staging, table, signal);
  const label = (row: number) => {
    const uid = String(rows[row]?.get('uid') ?? '');
    if (subset !== undefined && !subset.has(uid)) return undefined;
    return { text: String(rows[row]?.get('text') ?? '') };
  };
  const images = await addVectors(
    staging,
    { path: arrays, array: `${vectors}_img`, modality: 'image' },
    (row) => label(row) && {},
    signal,
  );
  const texts = await addVectors(staging, { path: arrays, array: `${vectors}_txt`, modality: 'text' }, label, signal);
  if (images.rows !== rows.length || texts.rows !== rows.length) {
    const sentence = `${table} has ${rows.length} rows, but ${arrays} has ${images.rows} vectors of pictures and ${texts.rows} of captions: none was paired. Download both again.`;
    staging.problem({ kind: 'bad-vector', severity: 'error', where: table, sentence, items: [] });
    return;
  }
  for (const [row, cells] of rows.entries()) {
    if (label(row) === undefined) continue;
    staging.pair({
      key: String(cells.get('uid') ?? row + 1),
      first: { modality: 'image', item: images.idOf(row) },
      second: { modality: 'text', item: texts.idOf(row) },
      strength,
      named: `${table}#${row + 1}`,
    });
  }
}

/** The uids and captions of a shard: some ten thousand rows. */
async function readRows(staging: Staging, path: string, signal: AbortSignal | undefined): Promise<CellRow[]> {
  const table = await openCells(join(staging.root, path));
  const columns = ['uid', 'text'];
  requireColumns(table, columns);
  const rows: CellRow[] = [];
  for await (const some of table.rows(columns, staging.database, signal)) rows.push(...some);
  return rows;
}

async function proposeDatacomp({ root, files }: Folder): Promise<Candidate<DatacompPairing>[]> {
  const paths = new Set(files.map(({ path }) => path));
  const table = [...paths].find((path) => path.endsWith('.parquet') && paths.has(path.replace(/parquet$/, 'npz')));
  if (table === undefined) return [];
  try {
    const { columns } = await openCells(join(root, table));
    if (!['uid', 'text'].every((name) => columns.some((column) => column.name === name))) return [];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
  const pattern = table.replace(/[^/]+\.parquet$/, '*.parquet');
  return [
    {
      pairing: { layout: 'datacomp', tables: pattern, vectors: 'l14', strength: 'strong' },
      description: `DataComp metadata: ${pattern}`,
      reasons: {
        layout: 'Each row of a table has the CLIP vectors of its picture and its caption in the .npz file beside it.',
        vectors: 'Those of ViT-L/14; "b32" takes those of ViT-B/32.',
      },
    },
  ];
}
