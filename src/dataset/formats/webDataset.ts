import { join } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { type TarFault, type TarMember, walkTar } from '../../container/tar.ts';
import { type Modality, Strength } from '../../protocol.ts';
import { webDatasetCandidates } from '../guess/shards.ts';
import type { Staging } from '../staging.ts';
import type { Format } from './format.ts';
import { modalitiesIn, perModality, StemRule } from './pattern.ts';
import { findShards, type ShardFile, ShardPattern } from './shardPattern.ts';
import { SampleReport } from './webDatasetReport.ts';
import { isFault, type Sample, SampleGrouping } from './webDatasetSamples.ts';
import { type SampleItem, SampleTable } from './webDatasetTable.ts';
import { isPacked, textOf } from './webDatasetText.ts';

/** An extension, or a field of a JSON member: `txt`, `txt.gz`, `json:caption`. */
const Field = z
  .string()
  .regex(/^[^:/]+(:.+)?$/, 'A field is an extension such as "txt", or "json:caption" for a field of a member in JSON.');

const WebDatasetPairing = z.strictObject({
  layout: z.literal('webdataset'),
  shards: z.union([ShardPattern, z.array(ShardPattern).min(1)]),
  items: perModality(z.array(Field).min(1)).describe(
    'extensions of the members, the first one that a sample has counts',
  ),
  class: Field.optional(),
  stem: StemRule.default('up-to-first-dot'),
  strength: Strength,
});
export type WebDatasetPairing = z.infer<typeof WebDatasetPairing>;

/** Larger texts are read when they are needed, like pictures and sounds. */
const MAX_INLINE = 1024 * 1024;

/**
 * WebDataset: tar archives, plain or gzipped, in which members that follow each other and have one key form a sample.
 * Nothing is extracted: pictures and sounds are found by their place in the archive, texts are read along the way.
 */
export const webDataset: Format<typeof WebDatasetPairing> = {
  schema: WebDatasetPairing,
  modalities: ({ items }) => modalitiesIn(items),
  leftOver: () => 'the dataset reads its items from shards',
  propose: webDatasetCandidates,
  read: readWebDataset,
};

async function readWebDataset(pairing: WebDatasetPairing, staging: Staging, job: Job): Promise<void> {
  const patterns = Array.isArray(pairing.shards) ? pairing.shards : [pairing.shards];
  const shards = await findShards(staging, patterns, job.signal);
  const modalities = modalitiesIn(pairing.items);
  const samples = await SampleTable.create(staging, modalities);
  const report = new SampleReport(staging, samples, modalities);
  const fields = fieldsOf(pairing);
  for (const [index, shard] of shards.entries()) {
    job.progress?.({ stage: 'reading shards', done: index, total: shards.length });
    staging.claim(shard.path);
    await new ShardReader(staging, shard, fields, samples, report).read(pairing.stem, job.signal);
  }
  await samples.finish(pairing.strength, job.signal);
  report.end();
  await samples.nameReturningKeys(job.signal);
}

/** A field of the pairing: `json:caption` is the extension "json" and the column "caption". */
interface FieldName {
  readonly extension: string;
  /** The field of a JSON member, with dots between nested ones. */
  readonly column: string | undefined;
}

interface Fields {
  readonly items: ReadonlyMap<Modality, readonly FieldName[]>;
  readonly class: FieldName | undefined;
  /** Ends of names whose content is read along the way. */
  readonly texts: readonly string[];
}

function fieldsOf({ items, class: label }: WebDatasetPairing): Fields {
  const classField = label === undefined ? undefined : fieldOf(label);
  const texts = [...(items.text ?? []).map(fieldOf), ...(classField === undefined ? [] : [classField])];
  return {
    items: new Map(modalitiesIn(items).map((modality) => [modality, (items[modality] ?? []).map(fieldOf)])),
    class: classField,
    texts: [...new Set(texts.map(({ extension }) => `.${extension}`))],
  };
}

function fieldOf(field: string): FieldName {
  const colon = field.indexOf(':');
  const extension = colon < 0 ? field : field.slice(0, colon);
  return { extension: extension.toLowerCase(), column: colon < 0 ? undefined : field.slice(colon + 1) };
}

class ShardReader {
  readonly #staging: Staging;
  readonly #shard: ShardFile;
  readonly #fields: Fields;
  readonly #samples: SampleTable;
  readonly #report: SampleReport;

  constructor(staging: Staging, shard: ShardFile, fields: Fields, samples: SampleTable, report: SampleReport) {
    this.#staging = staging;
    this.#shard = shard;
    this.#fields = fields;
    this.#samples = samples;
    this.#report = report;
  }

  async read(stem: StemRule, signal: AbortSignal | undefined): Promise<void> {
    const { path } = this.#shard;
    this.#samples.open(this.#shard);
    const grouping = new SampleGrouping(stem);
    const keeps = (name: string, length: number): boolean => length <= MAX_INLINE && this.#isText(name);
    for await (const entries of walkTar(join(this.#staging.root, path), { keeps, signal })) {
      for (const entry of entries) {
        const added = isFault(entry) ? this.#nameFault(entry) : grouping.add(entry);
        if (added === 'skipped') this.#report.skipped(path, entry);
        else if (added !== undefined) this.#add(added);
      }
      await this.#samples.compress(signal);
    }
    const last = grouping.end();
    if (last !== undefined) this.#add(last);
  }

  #isText(name: string): boolean {
    const lower = name.toLowerCase();
    return this.#fields.texts.some((end) => lower.endsWith(end));
  }

  #nameFault({ kind, at, fault }: TarFault): undefined {
    const { path } = this.#shard;
    const severity = kind === 'no-end' ? 'information' : kind === 'more' ? 'warning' : 'error';
    const sentence = `${path} ${fault}`;
    this.#staging.problem({ kind: 'broken-archive', severity, where: `${path}#${at}`, sentence, items: [] });
  }

  #add(sample: Sample): void {
    const items = new Map<Modality, SampleItem>();
    const used = new Set<string>();
    for (const [modality, fields] of this.#fields.items) {
      const field = fields.find(({ extension }) => sample.fields.has(extension));
      const member = field && sample.fields.get(field.extension);
      if (field === undefined || member === undefined) continue;
      used.add(field.extension);
      const item = modality === 'text' ? this.#textIn(member, field) : { member };
      if (item !== undefined) items.set(modality, item);
    }
    const { class: label } = this.#fields;
    if (label !== undefined && sample.fields.has(label.extension)) used.add(label.extension);
    const number = this.#samples.add(sample, items, this.#classOf(sample));
    this.#report.sample(this.#shard.path, number, sample, items, used);
  }

  /** A long text is an item that is read when it is needed; one without text is a problem and no item. */
  #textIn(member: TarMember, { column }: FieldName): SampleItem | undefined {
    const { name, content } = member;
    if (content === undefined && column === undefined && !isPacked(name)) return { member };
    const found = textOf(member, column);
    if ('text' in found) return { member, text: found.text, column };
    const { path } = this.#shard;
    const where = `${path}#${name}${column === undefined ? '' : `:${column}`}`;
    const sentence = `${path}, ${name} ${found.fault}.`;
    this.#staging.problem({ kind: found.kind, severity: 'error', where, sentence, items: [] });
    return undefined;
  }

  #classOf({ fields }: Sample): string | undefined {
    const { class: field } = this.#fields;
    const member = field && fields.get(field.extension);
    if (field === undefined || member?.content === undefined) return undefined;
    const found = textOf(member, field.column);
    return 'text' in found ? found.text.trim() : undefined;
  }
}
