import * as z from 'zod';
import { readJson, writeJson } from '../../src/base/files.ts';
import { builtInEncoders } from '../../src/embedding/builtIn.ts';
import { Modality } from '../../src/protocol.ts';
import type { ReproductionRow } from './rows.ts';

const Found = z.strictObject({
  id: z.string(),
  statement: z.string(),
  data: z.string(),
  verdict: z.enum(['holds', 'does not hold']),
  effect: z.string(),
  why: z.string(),
  /** Names the settings of the experiments that decided. */
  settings: z.string(),
  /** What could encode the items, as "patches 2, patches-pca 1, ngrams 1". */
  encoders: z.string(),
  /** The day on which it was computed, as 2026-11-29. */
  computed: z.iso.date(),
});
export type Found = z.infer<typeof Found>;

/** A row with the day of its verdict, which it has unless it could not be tested. */
export type DatedRow = ReproductionRow & Partial<Pick<Found, 'encoders' | 'computed'>>;

/** What was found so far, on any machine. */
export async function readFindings(path: string): Promise<Found[]> {
  return (await readJson(path, z.array(Found))) ?? [];
}

/** Only rows that could be tested are kept. */
export async function writeFindings(path: string, rows: readonly DatedRow[]): Promise<void> {
  const found = rows.flatMap((row) => (row.verdict === 'cannot be tested' ? [] : [Found.parse(row)]));
  await writeJson(path, found);
}

/**
 * A row that cannot be tested here, because its runs are on another machine, is as it was found there, while its statement,
 * the settings of its experiments and the built-in encoders of its items are the same.
 */
export function withEarlier(rows: readonly ReproductionRow[], earlier: readonly Found[], today: string): DatedRow[] {
  return rows.map((row) => {
    const encoders = encodersOf(row.data);
    const before = earlier.find(
      (found) =>
        found.id === row.id &&
        found.statement === row.statement &&
        found.data === row.data &&
        found.settings === row.settings &&
        found.encoders === encoders,
    );
    if (row.verdict === 'cannot be tested') return before ?? row;
    return { ...row, encoders, computed: before?.effect === row.effect ? before.computed : today };
  });
}

/** Those of the modalities that a direction names, such as sample/text-image; all where it names none. */
export function encodersOf(data: string): string {
  const named = Modality.options.filter((modality) => data.includes(modality));
  return (named.length === 0 ? Modality.options : named)
    .flatMap((modality) => builtInEncoders(modality))
    .map(({ name, version }) => `${name} ${version}`)
    .join(', ');
}
