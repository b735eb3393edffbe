import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import { type Modality, Strength } from '../../protocol.ts';
import { huggingFaceCandidates } from '../guess/huggingFace.ts';
import { problemsOf } from '../huggingFace/describe.ts';
import { isLink, isLinkList } from '../huggingFace/links.ts';
import { isMetadata } from '../huggingFace/loaders.ts';
import { forEachMetadata, isArchive, type MetadataFile } from '../huggingFace/metadataFiles.ts';
import { MetadataTraits } from '../huggingFace/metadataTraits.ts';
import { readCard } from '../huggingFace/readme.ts';
import { isIgnored } from '../huggingFace/splits.ts';
import { splitsByPath, viewFolder } from '../huggingFace/view.ts';
import type { Staging } from '../staging.ts';
import { addFault, atRow, pathOf, type Spot } from './captions.ts';
import { type Format, type FoundItem, inList } from './format.ts';
import { bareName } from './paths.ts';
import { modalitiesIn, perModality } from './pattern.ts';
import { leavesAt, readRecords, type TableRecord } from './records.ts';

const Columns = z.array(z.string()).min(1);

const HuggingFaceFolderPairing = z.strictObject({
  layout: z.literal('hugging-face-folder'),
  items: perModality(Columns).refine(
    (items) => Object.entries(items).every(([modality, names]) => modality === 'text' || names.every(isLink)),
    'Images and sounds need columns named "file_name", "file_names", "…_file_name" or "…_file_names".',
  ),
  class: z.string().optional(),
  split: z.string().optional(),
  source: z.string().describe('who spoke, or what an item was cut from: it must not be in two splits').optional(),
  strength: Strength,
});
export type HuggingFaceFolderPairing = z.infer<typeof HuggingFaceFolderPairing>;

/**
 * The folders of Hugging Face `imagefolder` and `audiofolder`: each row of the files `metadata.csv`, `metadata.jsonl` and
 * `metadata.parquet`, in any folder, names files beside it and holds their texts. Splits are inferred as there, from a
 * column or the path. What Hugging Face itself would leave out is named.
 */
export const huggingFaceFolder: Format<typeof HuggingFaceFolderPairing> = {
  schema: HuggingFaceFolderPairing,
  modalities: ({ items }) => modalitiesIn(items),
  leftOver: () => 'no row of a metadata file names it',
  propose: huggingFaceCandidates,
  read: readHuggingFaceFolder,
};

const Path = z.object({ path: z.string() });

async function readHuggingFaceFolder(pairing: HuggingFaceFolderPairing, staging: Staging, job: Job): Promise<void> {
  staging.database.flush();
  const rows = await staging.database.query('SELECT path FROM files ORDER BY path', {}, Path, job.signal);
  const paths = rows.map(({ path }) => path);
  if (!paths.some((path) => isMetadata(path) || isArchive(path))) {
    throw new InputError(
      `There is no metadata.csv, metadata.jsonl or metadata.parquet below ${staging.root}. Correct the dataset file.`,
    );
  }
  for (const path of paths) if (isIgnored(path) || isMetadata(path) || isArchive(path)) staging.claim(path);
  const readme = paths.includes('README.md') ? await readCard(staging.root) : undefined;
  const splits = splitsByPath(paths, readme);
  const named = new Set<string>();
  const traits = new MetadataTraits();
  let done = 0;
  const problems = await forEachMetadata(staging.root, paths, async (file) => {
    const reader = new MetadataReader(pairing, staging, file, splits, named);
    for await (const record of readRecords(file.path, job.signal)) {
      if ('fault' in record) {
        traits.lookAtFault(file.name, record.row);
        addFault(staging, atRow(file.name, record), 'bad-row', `${record.fault}: correct or delete it`);
      } else {
        traits.look(file.name, record, pairing.items);
        reader.read(record);
      }
    }
    reader.finish();
    job.progress?.({ stage: 'reading tables', done: ++done });
  });
  const view = viewFolder(paths, { readme, named });
  const isKept = (path: string): boolean => named.has(path) || isMetadata(path);
  for (const problem of [...problems, ...problemsOf(view, isKept), ...traits.problems()]) staging.problem(problem);
}

/** Turns the rows of one metadata file into items and pairs. */
class MetadataReader {
  readonly #pairing: HuggingFaceFolderPairing;
  readonly #staging: Staging;
  readonly #file: MetadataFile;
  readonly #splits: ReadonlyMap<string, string>;
  readonly #named: Set<string>;
  readonly #modalities: readonly Modality[];
  /** Members of the archive that rows name. */
  readonly #members = new Set<string>();

  constructor(
    pairing: HuggingFaceFolderPairing,
    staging: Staging,
    file: MetadataFile,
    splits: ReadonlyMap<string, string>,
    named: Set<string>,
  ) {
    this.#pairing = pairing;
    this.#staging = staging;
    this.#file = file;
    this.#splits = splits;
    this.#named = named;
    this.#modalities = modalitiesIn(pairing.items);
  }

  read(record: TableRecord): void {
    const named = `${this.#file.name}#${record.row}`;
    const found = this.#modalities.map((modality) => this.#itemsOf(record, modality));
    const media = found.flat().find((item) => item.row === undefined);
    const only = (column: string | undefined): string | undefined =>
      column === undefined ? undefined : leavesAt(record.fields, column)[0]?.value;
    const split = only(this.#pairing.split) ?? this.#splits.get(media?.path ?? '') ?? this.#splits.get(this.#file.name);
    const labels = { class: only(this.#pairing.class), split, source: only(this.#pairing.source), named };
    for (const item of found.flat()) this.#staging.item({ ...item, ...labels });

    const isOnePair = found.every((items) => items.length === 1);
    const name = media === undefined ? `row ${record.row}` : bareName(media.member ?? media.path);
    let pairs = 0;
    for (const [index, items] of found.entries()) {
      for (const first of items) {
        for (const second of found.slice(index + 1).flat()) {
          pairs++;
          this.#staging.pair({
            key: isOnePair ? name : `${name}#${pairs}`,
            first: { modality: first.modality, item: first.id },
            second: { modality: second.modality, item: second.id },
            class: labels.class,
            split,
            strength: this.#pairing.strength,
            named,
          });
        }
      }
    }
  }

  /** Says how many files of an archive no row names. */
  finish(): void {
    const { archive } = this.#file;
    if (archive === undefined) return;
    const rest = [...archive.members].filter((member) => !isMetadata(member) && !this.#members.has(member));
    if (rest.length === 0) return;
    const sentence = `${archive.path} holds ${rest.length.toLocaleString('en')} files that no row of its ${archive.member} names, such as ${rest[0]}.`;
    this.#staging.problem({
      kind: 'not-part-of-layout',
      severity: 'information',
      where: archive.path,
      sentence,
      items: [],
    });
  }

  /** What the columns of a modality name or hold; a row without any becomes a problem. */
  #itemsOf(record: TableRecord, modality: Modality): FoundItem[] {
    const columns = this.#pairing.items[modality] ?? [];
    const leaves = columns.flatMap((column) =>
      leavesAt(record.fields, column)
        .flatMap((leaf) => (isLinkList(column) ? elementsOf(leaf) : [leaf]))
        .map((leaf) => ({ ...leaf, isPath: isLink(column) })),
    );
    if (leaves.length === 0) {
      const noun = columns.length === 1 ? 'the column' : 'any of the columns';
      const fault = `has nothing in ${noun} ${inList(columns.map((name) => `"${name}"`))}: fill it in`;
      addFault(this.#staging, this.#spot(record), 'bad-row', fault);
    }
    return leaves.flatMap(({ value, mark, isPath }): FoundItem[] =>
      isPath ? this.#fileOf(record, modality, value) : [this.#textOf(record, modality, value, mark)],
    );
  }

  #textOf({ row }: TableRecord, modality: Modality, text: string, column: string): FoundItem {
    const { name, archive } = this.#file;
    const place = archive === undefined ? { path: name } : { path: archive.path, member: archive.member };
    return { id: `${name}#${row}:${column}`, modality, ...place, row, column, text };
  }

  #fileOf(record: TableRecord, modality: Modality, name: string): FoundItem[] {
    const { folder, archive } = this.#file;
    const path = pathOf(this.#staging, this.#spot(record), name, folder);
    if (path === undefined) return [];
    if (archive === undefined) {
      this.#named.add(path);
      return [{ id: path, modality, path }];
    }
    if (archive.members.has(path)) {
      this.#members.add(path);
      return [{ id: `${archive.path}#${path}`, modality, path: archive.path, member: path }];
    }
    const fault = `names ${path}, which is not in ${archive.path}: restore it or delete the row`;
    addFault(this.#staging, this.#spot(record), 'missing-file', fault);
    return [];
  }

  #spot({ row, line }: TableRecord): Spot {
    if (line !== undefined) return atRow(this.#file.name, { row, line });
    return { file: this.#file.name, mark: String(row), words: `row ${row}`, row };
  }
}

/** A list in a cell of CSV is written as JSON: `["a.png", "b.png"]`. */
function elementsOf({ value, mark }: { value: string; mark: string }): { value: string; mark: string }[] {
  if (!value.startsWith('[')) return [{ value, mark }];
  try {
    return leavesAt(JSON.parse(value), '', mark);
  } catch {
    return [{ value, mark }];
  }
}
