import * as z from 'zod';
import { query } from '../base/table.ts';
import type { Dataset } from '../dataset/config.ts';
import { ScoredPair, type ScoredPairsQuery } from '../protocol.ts';
import { reportFiles } from './store.ts';

/** Pairs of a stored report, the most suspicious first, and how many there are in all. */
export async function scoredPairs(
  dataset: Dataset,
  { report, among, class: concept, offset, limit }: ScoredPairsQuery,
): Promise<{ total: number; rows: ScoredPair[] }> {
  const conditions = ['true'];
  const parameters: Record<string, string | number> = { path: reportFiles(dataset, report).pairs };
  if (among !== undefined) {
    conditions.push(`"index" IN (SELECT unnest(from_json($among, '["INTEGER"]')))`);
    parameters['among'] = JSON.stringify(among);
  }
  if (concept !== undefined) {
    conditions.push(`coalesce("class", '') = $class`);
    parameters['class'] = concept;
  }
  const from = `FROM read_parquet($path, file_row_number = true) WHERE ${conditions.join(' AND ')}`;
  const [counted] = await query(`SELECT count(*) AS total ${from}`, parameters, z.object({ total: z.number() }));
  const sql = `SELECT * EXCLUDE (file_row_number) ${from} ORDER BY file_row_number LIMIT $limit OFFSET $offset`;
  return { total: counted?.total ?? 0, rows: await query(sql, { ...parameters, limit, offset }, ScoredPair) };
}

/** All of them, in the order of the report's pairs. */
export async function allScoredPairs(dataset: Dataset, report: string): Promise<ScoredPair[]> {
  const { pairs } = reportFiles(dataset, report);
  return await query('SELECT * FROM read_parquet($path) ORDER BY "index"', { path: pairs }, ScoredPair);
}
