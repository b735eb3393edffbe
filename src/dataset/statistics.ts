import * as z from 'zod';
import { throwIfCancelled } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { query } from '../base/table.ts';
import { type DatasetStatistics, type ItemStatistics, Modality } from '../protocol.ts';
import { compareClasses, compareSplits } from './labels.ts';

const MEASURES = ['width', 'height', 'seconds', 'characters'] as const;
const VALUES = ['format', 'channels', 'sampleRate', 'language'] as const;

const DESCRIBED = [
  'count(*) AS items',
  'count(*) FILTER (NOT readable) AS unreadable',
  'coalesce(sum(bytes), 0)::BIGINT AS bytes',
  ...MEASURES.map(
    (name) => `CASE WHEN count(${name}) > 0 THEN {
      minimum: min(${name})::DOUBLE, median: median(${name})::DOUBLE, maximum: max(${name})::DOUBLE, total: sum(${name})::DOUBLE
    } END AS ${name}`,
  ),
  ...VALUES.map((name) => `histogram(${name}::VARCHAR) AS ${name}`),
].join(', ');

const Spread = z.object({ minimum: z.number(), median: z.number(), maximum: z.number(), total: z.number() });
type Spread = z.infer<typeof Spread>;

const Histogram = z.array(z.object({ key: z.string(), value: z.coerce.number() })).default([]);
type Histogram = z.infer<typeof Histogram>;

const Row = z.object({
  modality: Modality,
  split: z.string().exactOptional(),
  class: z.string().exactOptional(),
  items: z.number(),
  unreadable: z.number(),
  bytes: z.number(),
  width: Spread.optional(),
  height: Spread.optional(),
  seconds: Spread.optional(),
  characters: Spread.optional(),
  format: Histogram,
  channels: Histogram,
  sampleRate: Histogram,
  language: Histogram,
});

/**
 * Describes the items of a snapshot by modality, by split and by class, each list in the order of its labels.
 *
 * @param items path of the snapshot's items.parquet
 */
export async function statisticsOf(items: string, { signal }: Job = {}): Promise<DatasetStatistics> {
  const by = async (...labels: readonly string[]): Promise<ItemStatistics[]> => {
    throwIfCancelled(signal);
    const columns = labels.map((label) => `coalesce(${label}, '') AS ${label}`).join(', ');
    const sql = `SELECT ${columns}, ${DESCRIBED} FROM read_parquet($items) GROUP BY ALL`;
    return (await query(sql, { items }, Row)).map(toStatistics).sort(compare);
  };
  return {
    modalities: await by('modality'),
    splits: await by('modality', 'split'),
    classes: await by('modality', 'split', 'class'),
  };
}

function toStatistics(row: z.infer<typeof Row>): ItemStatistics {
  const { width, height, seconds, characters, format, channels, sampleRate, language, ...rest } = row;
  return {
    ...rest,
    ...(width && { width: withoutTotal(width) }),
    ...(height && { height: withoutTotal(height) }),
    ...(seconds && { seconds }),
    ...(characters && { characters: withoutTotal(characters) }),
    formats: mostFrequentFirst(format),
    channels: mostFrequentFirst(channels),
    sampleRates: mostFrequentFirst(sampleRate),
    languages: mostFrequentFirst(language),
  };
}

function withoutTotal({ minimum, median, maximum }: Spread): Omit<Spread, 'total'> {
  return { minimum, median, maximum };
}

function mostFrequentFirst(histogram: Histogram): { value: string; items: number }[] {
  return histogram
    .map(({ key, value }) => ({ value: key, items: value }))
    .sort((a, b) => b.items - a.items || compareClasses(a.value, b.value));
}

function compare(a: ItemStatistics, b: ItemStatistics): number {
  return (
    Modality.options.indexOf(a.modality) - Modality.options.indexOf(b.modality) ||
    compareSplits(a.split ?? '', b.split ?? '') ||
    compareClasses(a.class ?? '', b.class ?? '')
  );
}
