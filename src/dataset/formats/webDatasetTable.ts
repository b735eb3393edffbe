import type { Columns } from '../../base/database.ts';
import type { TarMember } from '../../container/tar.ts';
import type { Modality, ProblemKind, Severity, Strength } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import type { ShardFile } from './shardPattern.ts';
import type { Sample } from './webDatasetSamples.ts';

/** So many samples wait, as long as they are, until they are compressed. */
const SAMPLES_PER_CHECKPOINT = 200_000;

/** A member that is the item of one modality in its sample. */
export interface SampleItem {
  readonly member: TarMember;
  /** The text itself, where it is read along the way. */
  readonly text?: string | undefined;
  /** The field of a JSON member. */
  readonly column?: string | undefined;
}

/** Modality → item, in the order of the modalities. */
export type SampleItems = ReadonlyMap<Modality, SampleItem>;

/**
 * The samples of all shards, one row each with the places of its members. Items and pairs are made of it by SQL: a shard
 * may hold millions of samples, and a row of a few cells is all that each costs.
 */
export class SampleTable {
  readonly #staging: Staging;
  readonly #modalities: readonly Modality[];
  #shards = 0;
  #samples = 0;
  #compressed = 0;

  private constructor(staging: Staging, modalities: readonly Modality[]) {
    this.#staging = staging;
    this.#modalities = modalities;
  }

  static async create(staging: Staging, modalities: readonly Modality[]): Promise<SampleTable> {
    const places = modalities.map(
      (_, place): Columns => ({
        [`extension${place}`]: 'text',
        [`begin${place}`]: 'count',
        [`length${place}`]: 'count',
      }),
    );
    const tables: Record<string, Columns> = {
      shards: { shard: 'integer', path: 'text', split: 'text' },
      samples: Object.assign({ shard: 'integer', key: 'text', class: 'text', text: 'text', column: 'text' }, ...places),
      sample_faults: { number: 'count', kind: 'text', severity: 'text', sentence: 'text' },
    };
    for (const [name, columns] of Object.entries(tables)) {
      await staging.database.dropTable(name);
      await staging.database.createTable(name, columns);
    }
    return new SampleTable(staging, modalities);
  }

  /** The samples that follow are of this shard. */
  open({ path, split }: ShardFile): void {
    this.#staging.database.append('shards', { shard: ++this.#shards, path, split });
  }

  /** Adds a sample; gives its number. */
  add({ key }: Sample, items: SampleItems, label: string | undefined): number {
    const row: Record<string, string | number | undefined> = { shard: this.#shards, key, class: label };
    for (const [place, modality] of this.#modalities.entries()) {
      const item = items.get(modality);
      if (item === undefined) continue;
      row[`extension${place}`] = item.member.name.slice(key.length + 1);
      row[`begin${place}`] = item.member.begin;
      row[`length${place}`] = item.member.length;
      if (modality !== 'text') continue;
      row['text'] = item.text;
      row['column'] = item.column;
    }
    this.#staging.database.append('samples', row);
    return this.#samples++;
  }

  /** Compresses what was added, once it is much: to an eighth of the memory that it took. */
  async compress(signal: AbortSignal | undefined): Promise<void> {
    if (this.#samples - this.#compressed < SAMPLES_PER_CHECKPOINT) return;
    this.#compressed = this.#samples;
    this.#staging.database.flush();
    await this.#staging.database.run('CHECKPOINT', {}, signal);
  }

  /** A problem that concerns all items of a sample. */
  fault(number: number, kind: ProblemKind, severity: Severity, sentence: string): void {
    this.#staging.database.append('sample_faults', { number, kind, severity, sentence });
  }

  /** Makes items and pairs of everything that was added, and problems of the faults. */
  async finish(strength: Strength, signal: AbortSignal | undefined): Promise<void> {
    const { database } = this.#staging;
    database.flush();
    await database.run(repeatedNamesSql(this.#modalities), {}, signal);
    await database.run(placedSamplesSql(this.#modalities), {}, signal);
    const steps = this.#modalities.length;
    for (const [place, modality] of this.#modalities.entries()) {
      const said = modality === 'text' ? ', text, "column"' : '';
      this.#staging.found(
        'items',
        `SELECT number * ${steps} + ${place} AS turn, id${place} AS id, '${modality}' AS modality, path,
            key || '.' || extension${place} AS member, begin${place} AS "begin", length${place} AS length, class, split${said}
          FROM placed_samples WHERE id${place} IS NOT NULL`,
      );
      for (const [other, second] of this.#modalities.entries()) {
        if (other <= place) continue;
        this.#staging.found(
          'pairs',
          `SELECT number AS turn, key, '${modality}' AS firstModality, id${place} AS firstItem,
              '${second}' AS secondModality, id${other} AS secondItem, class, split, '${strength}' AS strength
            FROM placed_samples WHERE id${place} IS NOT NULL AND id${other} IS NOT NULL`,
        );
      }
    }
    await database.run(FAULTS, {}, signal);
  }

  /** Adds a problem for each key that is that of several samples; after {@link finish}. */
  async nameReturningKeys(signal: AbortSignal | undefined): Promise<void> {
    this.#staging.database.flush();
    await this.#staging.database.run(RETURNING_KEYS, {}, signal);
  }
}

/** Members of one name in one shard, but for the first: their place in the archive is part of their id. Few, if any. */
function repeatedNamesSql(modalities: readonly Modality[]): string {
  const names = modalities.map(
    (_, place) => `SELECT rowid AS number, ${place} AS place, shard, key || '.' || extension${place} AS name,
        begin${place} AS "begin"
      FROM samples WHERE extension${place} IS NOT NULL
        AND hash(shard, key) IN (SELECT hash(shard, key) FROM samples GROUP BY 1 HAVING count(*) > 1)`,
  );
  return `CREATE OR REPLACE TABLE repeated_names AS
    SELECT number, place, '@' || "begin" AS mark FROM (${names.join(' UNION ALL ')})
    QUALIFY row_number() OVER (PARTITION BY shard, name ORDER BY number, place) > 1`;
}

/** The samples with path and split, and `id0`, `id1`, … of their items: NULL where there is none. */
function placedSamplesSql(modalities: readonly Modality[]): string {
  const ids = modalities.map((modality, place) => {
    const field = modality === 'text' ? ` || coalesce(':' || "column", '')` : '';
    return `path || '#' || key || '.' || extension${place} || coalesce(again${place}.mark, '')${field} AS id${place}`;
  });
  const joins = modalities.map(
    (_, place) =>
      `LEFT JOIN repeated_names again${place} ON again${place}.number = samples.rowid AND again${place}.place = ${place}`,
  );
  const items = `list_filter([${modalities.map((_, place) => `id${place}`).join(', ')}], lambda id: id IS NOT NULL)`;
  return `CREATE OR REPLACE VIEW placed_samples AS SELECT *, ${items} AS items FROM (
    SELECT samples.rowid AS number, samples.*, path, split, ${ids.join(', ')}
    FROM samples JOIN shards USING (shard) ${joins.join(' ')})`;
}

const FAULTS = `INSERT INTO problems (kind, severity, "where", sentence, items)
  SELECT kind, severity, path || '#' || key, sentence, items
  FROM sample_faults JOIN placed_samples USING (number) ORDER BY sample_faults.rowid`;

const RETURNING_KEYS = `INSERT INTO problems (kind, severity, "where", sentence, items)
  SELECT 'returning-key', 'warning', any_value(path) || '#' || key, CASE WHEN count(DISTINCT path) = 1
      THEN 'The key ' || key || ' comes back in ' || any_value(path) || ' after other keys, so that its members are '
        || count(*) || ' samples: write the members of a sample one after the other.'
      ELSE 'The key ' || key || ' stands in ' || count(DISTINCT path) || ' shards ('
        || string_agg(DISTINCT path, ', ' ORDER BY path) || '): its samples are different pairs of one name. Give each its own key.'
    END, flatten(list(items ORDER BY number))
  FROM placed_samples WHERE key IN (SELECT key FROM samples GROUP BY 1 HAVING count(*) > 1)
  GROUP BY key HAVING count(*) > 1 ORDER BY min(number)`;
