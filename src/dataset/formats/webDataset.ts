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
import { textOf } from './webDatasetText.ts';

/** An extension, or a field of a JSON member: `txt`, `json:caption`. */
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
  propose: ({ root, files }, job) => webDatasetCandidates(root, files, job),
  read: readWebDataset,
};

async function readWebDataset(pairing: WebDatasetPairing, staging: Staging, job: Job): Promise<void> {
  const patterns = Array.isArray(pairing.shards) ? pairing.shards : [pairing.shards];
  const shards = await findShards(staging, patterns, job.signal);
  const report = await SampleReport.create(staging);
  for (const [index, shard] of shards.entries()) {
    job.progress?.({ stage: 'reading shards', done: index, total: shards.length });
    staging.claim(shard.path);
    await new ShardReader(pairing, staging, shard, report).read(job.signal);
  }
  await report.end(job.signal);
}

class ShardReader {
  readonly #pairing: WebDatasetPairing;
  readonly #staging: Staging;
  readonly #shard: ShardFile;
  readonly #report: SampleReport;
  readonly #modalities: readonly Modality[];
  /** Extensions whose content is read along the way. */
  readonly #texts: ReadonlySet<string>;
  /** A name may stand in a shard twice: the second one's place is then part of its id. */
  readonly #names = new Set<string>();

  constructor(pairing: WebDatasetPairing, staging: Staging, shard: ShardFile, report: SampleReport) {
    this.#pairing = pairing;
    this.#staging = staging;
    this.#shard = shard;
    this.#report = report;
    this.#modalities = modalitiesIn(pairing.items);
    const fields = [...(pairing.items.text ?? []), ...(pairing.class === undefined ? [] : [pairing.class])];
    this.#texts = new Set(fields.map((field) => extensionOf(field)));
  }

  async read(signal: AbortSignal | undefined): Promise<void> {
    const samples = new SampleGrouping(this.#pairing.stem);
    const keeps = (name: string, length: number): boolean => length <= MAX_INLINE && this.#isText(name);
    for await (const entries of walkTar(join(this.#staging.root, this.#shard.path), { keeps, signal })) {
      for (const entry of entries) {
        const added = isFault(entry) ? this.#nameFault(entry) : samples.add(entry);
        if (added === 'skipped') this.#report.skipped(this.#shard.path, entry);
        else if (added !== undefined) this.#add(added);
      }
    }
    const last = samples.end();
    if (last !== undefined) this.#add(last);
  }

  #isText(name: string): boolean {
    const lower = name.toLowerCase();
    for (const extension of this.#texts) if (lower.endsWith(`.${extension}`)) return true;
    return false;
  }

  #nameFault({ kind, at, fault }: TarFault): undefined {
    const { path } = this.#shard;
    const severity = kind === 'no-end' ? 'information' : kind === 'more' ? 'warning' : 'error';
    this.#staging.problem({
      kind: 'broken-archive',
      severity,
      where: `${path}#${at}`,
      sentence: `${path} ${fault}`,
      items: [],
    });
  }

  #add(sample: Sample): void {
    const labels = { class: this.#classOf(sample), split: this.#shard.split };
    const items = new Map<Modality, string>();
    const used = new Set<string>();
    for (const modality of this.#modalities) {
      const field = this.#pairing.items[modality]?.find((name) => sample.fields.has(extensionOf(name)));
      const member = field === undefined ? undefined : sample.fields.get(extensionOf(field));
      if (field === undefined || member === undefined) continue;
      used.add(extensionOf(field));
      const id = this.#addItem(modality, field, member, labels);
      if (id !== undefined) items.set(modality, id);
    }
    if (this.#pairing.class !== undefined) used.add(extensionOf(this.#pairing.class));
    this.#report.sample(this.#shard.path, sample, [...items], this.#modalities, used);
    for (const [index, [first, item]] of [...items].entries()) {
      for (const [second, other] of [...items].slice(index + 1)) {
        this.#staging.pair({
          key: sample.key,
          first: { modality: first, item },
          second: { modality: second, item: other },
          strength: this.#pairing.strength,
          ...labels,
        });
      }
    }
  }

  #addItem(modality: Modality, field: string, member: TarMember, labels: Labels): string | undefined {
    const { path } = this.#shard;
    const { name, begin, length, content } = member;
    const column = fieldOf(field);
    const mark = this.#names.has(name) ? `${name}@${begin}` : name;
    this.#names.add(name);
    const id = `${path}#${mark}${column === undefined ? '' : `:${column}`}`;
    if (modality !== 'text' || (content === undefined && column === undefined)) {
      this.#staging.item({ id, modality, path, member: name, begin, length, ...labels });
      return id;
    }
    const text = textOf(content, column);
    if ('fault' in text) {
      const sentence = `${path}, ${name} ${text.fault}.`;
      this.#staging.problem({ kind: text.kind, severity: 'error', where: id, sentence, items: [] });
      return undefined;
    }
    this.#staging.item({ id, modality, path, member: name, begin, length, text: text.text, column, ...labels });
    return id;
  }

  #classOf({ fields }: Sample): string | undefined {
    const { class: field } = this.#pairing;
    const member = field === undefined ? undefined : fields.get(extensionOf(field));
    if (field === undefined || member?.content === undefined) return undefined;
    const text = textOf(member.content, fieldOf(field));
    return 'text' in text ? text.text.trim() : undefined;
  }
}

interface Labels {
  readonly class?: string | undefined;
  readonly split?: string | undefined;
}

function extensionOf(field: string): string {
  return (field.split(':', 1)[0] ?? field).toLowerCase();
}

/** The field of a JSON member, with dots between nested ones. */
function fieldOf(field: string): string | undefined {
  const colon = field.indexOf(':');
  return colon < 0 ? undefined : field.slice(colon + 1);
}
