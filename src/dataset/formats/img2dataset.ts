import { join, posix } from 'node:path';
import * as z from 'zod';
import { literal } from '../../base/database.ts';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import { openParquet, withoutGlobs } from '../../container/parquet.ts';
import { Strength } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import type { Candidate, Folder, Format } from './format.ts';
import { findShards, ShardPattern } from './shardPattern.ts';

const Img2datasetPairing = z.strictObject({
  layout: z.literal('img2dataset'),
  tables: ShardPattern.describe('the .parquet file of each shard; its files lie in the folder of the same name'),
  strength: Strength,
});
type Img2datasetPairing = z.infer<typeof Img2datasetPairing>;

const SHARD = /^(.*\/)?\d{3,}\.parquet$/;

/**
 * What img2dataset downloads with `--output_format files`: a folder a shard, in it a picture, a caption and a JSON file
 * for each row of the shard's table. A row whose download failed has no files, but says why.
 */
export const img2dataset: Format<typeof Img2datasetPairing> = {
  schema: Img2datasetPairing,
  modalities: () => ['image', 'text'],
  leftOver: ({ tables }) => `no row of ${tables} names it`,
  propose: proposeImg2dataset,
  read: readImg2dataset,
};

async function readImg2dataset({ tables, strength }: Img2datasetPairing, staging: Staging, job: Job): Promise<void> {
  const { signal } = job;
  const shards = await findShards(staging, [tables], signal);
  for (const [index, { path, split }] of shards.entries()) {
    job.progress?.({ stage: 'reading shards', done: index, total: shards.length });
    staging.claim(path);
    try {
      const { columns } = await openParquet(join(staging.root, path));
      const names = columns.map(({ name }) => name);
      const missing = ['key', 'status'].filter((name) => !names.includes(name));
      if (missing.length > 0)
        throw new InputError(`${path} has no column ${missing.join(', ')}: it is not of img2dataset.`);
      await readShard(staging, path, names, split, strength, signal);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      staging.problem({ kind: 'broken-archive', severity: 'error', where: path, sentence: error.message, items: [] });
    }
  }
  staging.database.flush();
}

async function readShard(
  { database, root }: Staging,
  table: string,
  columns: readonly string[],
  split: string | undefined,
  strength: Strength,
  signal: AbortSignal | undefined,
): Promise<void> {
  const folder = table.slice(0, -'.parquet'.length);
  const run = (sql: string): Promise<void> => database.run(sql, {}, signal);
  const optional = (name: string): string => (columns.includes(name) ? `"${name}"::VARCHAR` : 'NULL');
  await run(`CREATE OR REPLACE TABLE downloads AS
    SELECT file_row_number + 1 AS row, key::VARCHAR AS key, status::VARCHAR AS status, ${optional('error_message')} AS error,
      ${optional('caption')} AS caption, ${optional('url')} AS url, ${literal(`${folder}/`)} || key::VARCHAR AS stem,
      ${literal(`${table}#`)} || (file_row_number + 1) AS named
    FROM read_parquet(${literal(withoutGlobs(join(root, table)))}, file_row_number = true)`);
  await run(`CREATE OR REPLACE TABLE shard_files AS
    SELECT path, modality, regexp_replace(path, '\\.[^./]*$', '') AS stem FROM files WHERE starts_with(path, ${literal(`${folder}/`)})`);
  await run(`CREATE OR REPLACE TABLE downloaded AS
    SELECT downloads.*, image.path AS image, coalesce(words.path, named || ':caption') AS words, words.path AS words_path
    FROM downloads JOIN shard_files image ON image.stem = downloads.stem AND image.modality = 'image'
    LEFT JOIN shard_files words ON words.stem = downloads.stem AND words.modality = 'text'`);
  const splitSql = split === undefined ? 'NULL' : literal(split);
  await run(`INSERT INTO found_items (id, modality, path, split, named)
    SELECT image, 'image', image, ${splitSql}, named FROM downloaded ORDER BY row`);
  await run(`INSERT INTO found_items (id, modality, path, "row", "column", text, split, named)
    SELECT words, 'text', coalesce(words_path, ${literal(table)}), CASE WHEN words_path IS NULL THEN row END,
      CASE WHEN words_path IS NULL THEN 'caption' END, CASE WHEN words_path IS NULL THEN caption END, ${splitSql}, named
    FROM downloaded WHERE words_path IS NOT NULL OR caption <> '' ORDER BY row`);
  await run(`INSERT INTO found_pairs
    SELECT key, 'image', image, 'text', words, NULL, ${splitSql}, '${strength}', named
    FROM downloaded WHERE words_path IS NOT NULL OR caption <> '' ORDER BY row`);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'missing-file', CASE WHEN status = 'success' THEN 'error' ELSE 'warning' END, named, named
      || CASE WHEN status = 'success' THEN ' was downloaded as ' || stem || '.*, but there is no such picture: restore it.'
        ELSE ' has no picture: its download ended as ' || coalesce(status, 'unknown') || coalesce(' (' || error || ')', '')
          || coalesce(', from ' || url, '') || '. Download it again or leave it out.' END, []
    FROM downloads ANTI JOIN downloaded USING (row) ORDER BY row`);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'missing-text', 'error', named, named || ' has no caption: fill it in or leave it out.', [image]
    FROM downloaded WHERE words_path IS NULL AND coalesce(caption, '') = '' ORDER BY row`);
  await run(`INSERT INTO claims SELECT path FROM files
    WHERE (starts_with(path, ${literal(`${folder}/`)}) AND path LIKE '%.json') OR path = ${literal(`${folder}_stats.json`)}`);
  await run('DROP TABLE downloads; DROP TABLE downloaded; DROP TABLE shard_files');
}

async function proposeImg2dataset({ root, files }: Folder): Promise<Candidate<Img2datasetPairing>[]> {
  const folders = new Set(files.map(({ path }) => posix.dirname(path)));
  const table = files.find(({ path }) => SHARD.test(path) && folders.has(path.slice(0, -'.parquet'.length)))?.path;
  if (table === undefined) return [];
  try {
    const { columns } = await openParquet(join(root, table));
    if (!['key', 'status'].every((name) => columns.some((column) => column.name === name))) return [];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
  const tables = table.replace(/[^/]+$/, '*.parquet');
  return [
    {
      pairing: { layout: 'img2dataset', tables, strength: 'strong' },
      description: `img2dataset: ${tables}`,
      reasons: { layout: 'Each row of a table is a picture with its caption. Rows whose download failed are told.' },
    },
  ];
}
