import { posix } from 'node:path';
import { literal } from '../../base/database.ts';
import type { TarFault, TarMember } from '../../container/tar.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import type { Modality } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import { inList } from './format.ts';
import { isFault, type Sample } from './webDatasetSamples.ts';

const EXAMPLES = 3;
/** Stems with dots make as many kinds of members as there are samples. */
const MAX_KINDS = 1000;
const OTHERS = 'other members';
/** Between the ids of a sample, which are one text because lists cost more to append. */
const SEPARATOR = '\u001f';

/** Members or samples of one kind: how many, and the first ones. */
interface Tally {
  count: number;
  readonly examples: string[];
}

/** Collects what is wrong with the samples of all shards, as far as it is not a matter of one member. */
export class SampleReport {
  readonly #staging: Staging;
  /** Samples by the extensions that they have. */
  readonly #fieldSets = new Map<string, Tally>();
  /** Members that are no items, by what they are. */
  readonly #unused = new Map<string, Tally>();
  #number = 0;

  private constructor(staging: Staging) {
    this.#staging = staging;
  }

  static async create(staging: Staging): Promise<SampleReport> {
    const columns = { number: 'count', shard: 'text', key: 'text', items: 'text' } as const;
    await staging.database.createTable('samples', columns);
    return new SampleReport(staging);
  }

  /** A member that belongs to no sample. */
  skipped(shard: string, member: TarMember | TarFault): void {
    if (isFault(member) || member.kind === 'folder') return;
    const kind = member.kind === 'file' ? 'members whose names give no key and extension' : 'links and special members';
    count(this.#unused, kind, `${shard}#${member.name}`);
  }

  sample(
    shard: string,
    { key, fields, repeated }: Sample,
    items: readonly (readonly [Modality, string])[],
    modalities: readonly Modality[],
    used: ReadonlySet<string>,
  ): void {
    const where = `${shard}#${key}`;
    const ids = items.map(([, id]) => id);
    this.#staging.database.append('samples', { number: this.#number++, shard, key, items: ids.join(SEPARATOR) });
    count(this.#fieldSets, [...fields.keys()].toSorted().join(' '), where);
    const dotted = [...fields].filter(([extension]) => !used.has(extension) && isDotted(extension));
    if (dotted.length > 0 && items.length < modalities.length) this.#nameDots(where, key, dotted, ids);
    else if (items.length > 0 && items.length < modalities.length)
      this.#nameHalf(where, items, modalities, [...fields.keys()]);
    for (const member of repeated) this.#nameRepeated(where, member, ids);
    for (const [extension, { name }] of fields) {
      if (!used.has(extension)) count(this.#unused, `members .${extension}`, `${shard}#${name}`);
    }
  }

  /** Adds the problems that show only when all shards were read. */
  async end(signal: AbortSignal | undefined): Promise<void> {
    const { database } = this.#staging;
    for (const [kind, { count: total, examples }] of this.#unused) {
      const names = inList(examples.map((example) => example.slice(example.indexOf('#') + 1)));
      const sentence = `The layout uses none of the ${total} ${kind} in the shards (${names}).`;
      this.#staging.problem({
        kind: 'not-part-of-layout',
        severity: 'information',
        where: examples[0] ?? '',
        sentence,
        items: [],
      });
    }
    this.#nameMixedFields();
    database.flush();
    await database.run(RETURNING_KEYS, {}, signal);
    await database.dropTable('samples');
  }

  #nameDots(where: string, key: string, dotted: readonly (readonly [string, TarMember])[], items: string[]): void {
    const names = inList(dotted.slice(0, EXAMPLES).map(([, { name }]) => posix.basename(name)));
    const sentence = `${where} has names with several dots (${names}): WebDataset ends a key at the first one, so that all of them are one sample "${posix.basename(key)}". Rename them, or set "stem: up-to-last-dot".`;
    this.#staging.problem({ kind: 'ambiguous-pairing', severity: 'warning', where, sentence, items });
  }

  #nameHalf(
    where: string,
    items: readonly (readonly [Modality, string])[],
    modalities: readonly Modality[],
    extensions: readonly string[],
  ): void {
    const there = items.map(([modality]) => modality);
    const missing = modalities.filter((modality) => !there.includes(modality));
    const sentence = `${where} has no ${inList(missing)} counterpart: the sample holds only ${inList(extensions.map((name) => `.${name}`))}.`;
    const ids = items.map(([, id]) => id);
    this.#staging.problem({ kind: 'missing-counterpart', severity: 'warning', where, sentence, items: ids });
  }

  #nameRepeated(where: string, { name }: TarMember, items: string[]): void {
    const sentence = `${name} stands in the sample ${where} again, in the same or another case; the first one counts. The webdataset library refuses such a shard: delete one.`;
    this.#staging.problem({ kind: 'ambiguous-pairing', severity: 'error', where, sentence, items });
  }

  #nameMixedFields(): void {
    const sets = [...this.#fieldSets].sort(([, a], [, b]) => b.count - a.count);
    const [most, ...others] = sets;
    if (most === undefined || others.length === 0) return;
    const rest = others.reduce((sum, [, tally]) => sum + tally.count, 0);
    const [example, tally] = others[0] ?? ['', most[1]];
    const sentence = `${rest} samples have other fields than the usual ${most[0]}, such as ${example} in ${tally.examples[0]}: Hugging Face refuses a dataset whose first five samples differ. Complete or delete them.`;
    this.#staging.problem({
      kind: 'mixed-fields',
      severity: 'warning',
      where: tally.examples[0] ?? '',
      sentence,
      items: [],
    });
  }
}

const RETURNING_KEYS = `INSERT INTO problems (kind, severity, "where", sentence, items)
  SELECT 'returning-key', 'warning', any_value(shard) || '#' || key, CASE WHEN count(DISTINCT shard) = 1
      THEN 'The key ' || key || ' comes back in ' || any_value(shard) || ' after other keys, so that its members are '
        || count(*) || ' samples: write the members of a sample one after the other.'
      ELSE 'The key ' || key || ' stands in ' || count(DISTINCT shard) || ' shards ('
        || string_agg(DISTINCT shard, ', ' ORDER BY shard) || '): its samples are different pairs of one name. Give each its own key.'
    END, list_filter(string_split(string_agg(items, ${literal(SEPARATOR)} ORDER BY number), ${literal(SEPARATOR)}), lambda id: id <> '')
  FROM samples WHERE hash(key) IN (SELECT hash(key) FROM samples GROUP BY 1 HAVING count(*) > 1)
  GROUP BY key HAVING count(*) > 1 ORDER BY min(number)`;

/** An extension with a dot that ends like a picture, sound or text: the rest of a stem with dots. */
function isDotted(extension: string): boolean {
  return extension.includes('.') && mediaTypeOf(extension) !== undefined;
}

function count(tallies: Map<string, Tally>, kind: string, example: string): void {
  const name = tallies.has(kind) || tallies.size < MAX_KINDS ? kind : OTHERS;
  const tally = tallies.get(name) ?? { count: 0, examples: [] };
  tally.count++;
  if (tally.examples.length < EXAMPLES) tally.examples.push(example);
  tallies.set(name, tally);
}
