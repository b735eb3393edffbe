import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { exists } from '../../src/base/files.ts';
import type { ReproductionRow } from './rows.ts';

const Found = z.strictObject({
  id: z.string(),
  statement: z.string(),
  data: z.string(),
  verdict: z.enum(['holds', 'does not hold']),
  effect: z.string(),
  why: z.string(),
  /** The day on which it was computed, as 2026-11-29. */
  computed: z.iso.date(),
});
export type Found = z.infer<typeof Found>;

/** A row with the day of its verdict; none where it could not be tested. */
export type DatedRow = ReproductionRow & { readonly computed?: string };

/** What was found so far, on any machine. */
export async function readFindings(path: string): Promise<Found[]> {
  return (await exists(path)) ? z.array(Found).parse(JSON.parse(await readFile(path, 'utf8'))) : [];
}

/** Only rows that could be tested are kept. */
export async function writeFindings(path: string, rows: readonly DatedRow[]): Promise<void> {
  const found = rows.flatMap((row) => (row.verdict === 'cannot be tested' ? [] : [Found.parse(row)]));
  await writeFile(path, `${JSON.stringify(found, undefined, 2)}\n`);
}

/**
 * A row that cannot be tested here, because its runs are on another machine, is as it was found there, while its statement
 * is the same.
 */
export function withEarlier(rows: readonly ReproductionRow[], earlier: readonly Found[], today: string): DatedRow[] {
  return rows.map((row) => {
    const before = earlier.find(
      ({ id, statement, data }) => id === row.id && statement === row.statement && data === row.data,
    );
    if (row.verdict === 'cannot be tested') return before ?? row;
    return { ...row, computed: before?.effect === row.effect ? before.computed : today };
  });
}
