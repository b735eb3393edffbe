import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import { readTextIfThere } from '../../base/files.ts';
import type { Job } from '../../base/progress.ts';
import { type Modality, Strength } from '../../protocol.ts';
import { type Cell, type CroissantRecord, textsOf } from '../croissant/cells.ts';
import { type Croissant, parseCroissant } from '../croissant/document.ts';
import { type OpenCroissant, openCroissant } from '../croissant/read.ts';
import { croissantCandidates } from '../guess/croissant.ts';
import type { Staging } from '../staging.ts';
import { Below } from './captions.ts';
import { type Format, type FoundItem, inList, type Place } from './format.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';
import { modalitiesIn, perModality } from './pattern.ts';

const Fields = z.array(z.string()).min(1);

const CroissantPairing = z.strictObject({
  layout: z.literal('croissant'),
  file: Below.describe('the description'),
  records: z.string().describe('the @id of the record set whose records are rows of pairs'),
  items: perModality(Fields).describe('the @ids of the fields that hold the items'),
  id: z.string().optional(),
  class: z.string().optional(),
  split: z.string().optional(),
  source: z.string().describe('who spoke, or what an item was cut from: it must not be in two splits').optional(),
  strength: Strength,
});
export type CroissantPairing = z.infer<typeof CroissantPairing>;

/**
 * A Croissant 1.0 or 1.1 description: every record of a record set links the items that its fields hold or bring in from
 * other record sets. Nothing is fetched, archives are read where they lie.
 */
export const croissant: Format<typeof CroissantPairing> = {
  schema: CroissantPairing,
  modalities: ({ items }) => modalitiesIn(items),
  leftOver: ({ file, records }) => `no record of ${records} in ${file} names it`,
  propose: croissantCandidates,
  read: readCroissant,
};

/** Descriptions of more than this are not read: 64 MiB. */
const MAX_DESCRIPTION = 64 * 1024 * 1024;
const FIRST_RECORDS = 3;

async function readCroissant(pairing: CroissantPairing, staging: Staging, job: Job): Promise<void> {
  const path = await claimFile(staging, pairing.file);
  const description = await loadCroissant(path);
  const set = description.recordSets.find(({ id }) => id === pairing.records);
  if (set === undefined) {
    const there = inList(description.recordSets.map(({ id }) => `"${id}"`));
    throw new InputError(`${path} has no record set "${pairing.records}"; it has ${there}. Correct the dataset file.`);
  }
  const open = await openCroissant(description, pairing.file, staging, job);
  try {
    await open.files.verify();
    const reader = new RecordReader(pairing, staging, open);
    const labels = [pairing.id, pairing.class, pairing.split, pairing.source];
    const fields = [...Object.values(pairing.items).flat(), ...labels.filter((id) => id !== undefined)];
    let done = 0;
    for await (const records of open.records.read(set, [...new Set(fields)])) {
      for (const record of records) reader.read(record);
      done += records.length;
      job.progress?.({ stage: 'reading records', done });
    }
    reader.finish();
    for (const own of await open.files.ownFiles()) staging.claim(own);
  } finally {
    open.close();
  }
}

/** Throws {@link InputError} when there is no such file or it is no description. */
export async function loadCroissant(path: string): Promise<Croissant> {
  const text = await readTextIfThere(path);
  if (text === undefined) throw new InputError(`There is no file ${path}. Correct "file" in the dataset file.`);
  if (text.length > MAX_DESCRIPTION) throw new InputError(`${path} has more than 64 MiB: it is not read.`);
  return parseCroissant(text, path);
}

/** Turns records into items and pairs. */
class RecordReader {
  readonly #pairing: CroissantPairing;
  readonly #staging: Staging;
  readonly #open: OpenCroissant;
  readonly #modalities: readonly Modality[];
  #records = 0;
  /** Records without any item of a modality: how many, and the first ones by number. */
  readonly #empty = new Map<Modality, { count: number; first: number[] }>();
  /** Labels that an expression should have taken from a text but did not. */
  readonly #unmatched = new Map<string, number>();

  constructor(pairing: CroissantPairing, staging: Staging, open: OpenCroissant) {
    this.#pairing = pairing;
    this.#staging = staging;
    this.#open = open;
    this.#modalities = modalitiesIn(pairing.items);
  }

  read(record: CroissantRecord): void {
    this.#records++;
    const { items, records, strength } = this.#pairing;
    const named = `${this.#pairing.file}#${records}[${this.#records}]`;
    const [concept, split, source] = (['class', 'split', 'source'] as const).map((label) => this.#label(record, label));
    const labels = { class: concept, split, source, named };
    const found = this.#modalities.map((modality) => {
      const cells = (items[modality] ?? []).flatMap((id) => record.get(id) ?? []);
      if (cells.length === 0) this.#miss(modality);
      return cells.map((cell): FoundItem => ({ ...itemOf(cell), modality, ...labels }));
    });
    for (const item of found.flat()) this.#staging.item(item);
    const isOnePair = found.every((list) => list.length === 1);
    const key = this.#label(record, 'id') ?? keyOf(found.flat(), this.#records);
    let pairs = 0;
    for (const [index, list] of found.entries()) {
      for (const first of list) {
        for (const second of found.slice(index + 1).flat()) {
          pairs++;
          this.#staging.pair({
            key: isOnePair ? key : `${key}#${pairs}`,
            first: { modality: first.modality, item: first.id },
            second: { modality: second.modality, item: second.id },
            class: concept,
            split,
            strength,
            named,
          });
        }
      }
    }
  }

  /** What is missing in records is named once a field, with the first records. */
  finish(): void {
    const { records, items } = this.#pairing;
    if (this.#records === 0) this.#open.notes.add('bad-row', 'error', records, 'has no record that can be read.');
    for (const [modality, { count, first }] of this.#empty) {
      const fields = inList((items[modality] ?? []).map((id) => `"${id}"`));
      const fault = `has nothing in ${fields} in ${count.toLocaleString('en')} of its ${this.#records.toLocaleString('en')} records, such as ${inList(first.map(String))}.`;
      this.#open.notes.add('bad-row', 'error', records, fault);
    }
    for (const [field, count] of this.#unmatched) {
      const fault = `has a regular expression that does not match in ${count.toLocaleString('en')} records, which have no label therefore.`;
      this.#open.notes.add('bad-row', 'warning', field, fault);
    }
  }

  #miss(modality: Modality): void {
    const empty = this.#empty.get(modality) ?? { count: 0, first: [] };
    empty.count++;
    if (empty.first.length < FIRST_RECORDS) empty.first.push(this.#records);
    this.#empty.set(modality, empty);
  }

  #label(record: CroissantRecord, label: 'id' | 'class' | 'split' | 'source'): string | undefined {
    const id = this.#pairing[label];
    const cells = id === undefined ? [] : (record.get(id) ?? []);
    const [cell] = cells;
    if (id === undefined || cell === undefined || !('text' in cell)) return undefined;
    if (cell.unmatched !== true) return textsOf(cells)[0];
    this.#unmatched.set(id, (this.#unmatched.get(id) ?? 0) + 1);
    return undefined;
  }
}

function itemOf(cell: Cell): Omit<FoundItem, 'modality'> {
  if ('media' in cell) return { ...cell.media, id: idOf(cell.media) };
  return { ...cell.place, text: cell.text, id: `${cell.place.path}#${cell.mark}` };
}

function idOf({ path, member, row, column }: Place): string {
  if (member !== undefined) return `${path}#${member}`;
  return row === undefined ? path : `${path}#${row}:${column}`;
}

/** The name of the first file among the items. */
function keyOf(items: readonly FoundItem[], record: number): string {
  const file = items.find((item) => item.text === undefined && item.row === undefined);
  return file === undefined ? `record ${record}` : bareName(file.member ?? file.path);
}
