import { posix } from 'node:path';
import type { TarFault, TarMember } from '../../container/tar.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import type { Modality } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import { inList } from './format.ts';
import { isFault, type Sample } from './webDatasetSamples.ts';
import type { SampleItems, SampleTable } from './webDatasetTable.ts';

const EXAMPLES = 3;
/** Stems with dots make as many kinds of members as there are samples. */
const MAX_KINDS = 1000;
const OTHERS = 'other members';

/** Members or samples of one kind: how many, and the first ones. */
interface Tally {
  count: number;
  readonly examples: string[];
}

/** Collects what is wrong with the samples of all shards, as far as it is not a matter of one member. */
export class SampleReport {
  readonly #staging: Staging;
  readonly #samples: SampleTable;
  readonly #modalities: readonly Modality[];
  /** Samples by the extensions that they have. */
  readonly #fieldSets = new Map<string, Tally>();
  /** Members that are no items, by what they are. */
  readonly #unused = new Map<string, Tally>();

  constructor(staging: Staging, samples: SampleTable, modalities: readonly Modality[]) {
    this.#staging = staging;
    this.#samples = samples;
    this.#modalities = modalities;
  }

  /** A member that belongs to no sample. */
  skipped(shard: string, member: TarMember | TarFault): void {
    if (isFault(member) || member.kind === 'folder') return;
    const kind = member.kind === 'file' ? 'members whose names give no key and extension' : 'links and special members';
    count(this.#unused, kind, shard, member.name);
  }

  /**
   * @param number of the sample in the table
   * @param used extensions of members that are items or the class
   */
  sample(shard: string, number: number, sample: Sample, items: SampleItems, used: ReadonlySet<string>): void {
    const { key, fields, repeated } = sample;
    count(this.#fieldSets, [...fields.keys()].toSorted().join(' '), shard, key);
    const unused = fields.size === used.size ? [] : [...fields].filter(([extension]) => !used.has(extension));
    if (items.size < this.#modalities.length) {
      const dotted = unused.filter(([extension]) => isDotted(extension));
      if (dotted.length > 0) this.#nameDots(`${shard}#${key}`, number, key, dotted);
      else if (items.size > 0) this.#nameHalf(`${shard}#${key}`, number, items, [...fields.keys()]);
    }
    for (const member of repeated) this.#nameRepeated(`${shard}#${key}`, number, member);
    for (const [extension, { name }] of unused) count(this.#unused, `members .${extension}`, shard, name);
  }

  /** Adds the problems that show only when all shards were read. */
  end(): void {
    for (const [kind, { count: total, examples }] of this.#unused) {
      const names = inList(examples.map((example) => example.slice(example.indexOf('#') + 1)));
      const sentence = `The layout uses none of the ${total} ${kind} in the shards (${names}).`;
      const where = examples[0] ?? '';
      this.#staging.problem({ kind: 'not-part-of-layout', severity: 'information', where, sentence, items: [] });
    }
    this.#nameMixedFields();
  }

  #nameDots(where: string, number: number, key: string, dotted: readonly (readonly [string, TarMember])[]): void {
    const names = inList(dotted.slice(0, EXAMPLES).map(([, { name }]) => posix.basename(name)));
    const sentence = `${where} has names with several dots (${names}): WebDataset ends a key at the first one, so that all of them are one sample "${posix.basename(key)}". Rename them, or set "stem: up-to-last-dot".`;
    this.#samples.fault(number, 'ambiguous-pairing', 'warning', sentence);
  }

  #nameHalf(where: string, number: number, items: SampleItems, extensions: readonly string[]): void {
    const missing = this.#modalities.filter((modality) => !items.has(modality));
    const sentence = `${where} has no ${inList(missing)} counterpart: the sample holds only ${inList(extensions.map((name) => `.${name}`))}.`;
    this.#samples.fault(number, 'missing-counterpart', 'warning', sentence);
  }

  #nameRepeated(where: string, number: number, { name }: TarMember): void {
    const sentence = `${name} stands in the sample ${where} again, in the same or another case; the first one counts. The webdataset library refuses such a shard: delete one.`;
    this.#samples.fault(number, 'ambiguous-pairing', 'error', sentence);
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

/** An extension with a dot that ends like a picture, sound or text: the rest of a stem with dots. */
function isDotted(extension: string): boolean {
  return extension.includes('.') && mediaTypeOf(extension) !== undefined;
}

function count(tallies: Map<string, Tally>, kind: string, shard: string, name: string): void {
  const known = tallies.get(kind) ?? (tallies.size < MAX_KINDS ? undefined : tallies.get(OTHERS));
  const tally = known ?? { count: 0, examples: [] };
  if (known === undefined) tallies.set(tallies.size < MAX_KINDS ? kind : OTHERS, tally);
  tally.count++;
  if (tally.examples.length < EXAMPLES) tally.examples.push(`${shard}#${name}`);
}
