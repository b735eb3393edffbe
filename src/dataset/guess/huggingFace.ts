import { join, posix } from 'node:path';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import { Modality } from '../../protocol.ts';
import { type Candidate, type Folder, inList } from '../formats/format.ts';
import type { HuggingFaceFolderPairing } from '../formats/huggingFaceFolder.ts';
import { leafPaths, leavesAt, readRecords } from '../formats/records.ts';
import { isLink } from '../huggingFace/links.ts';
import { isMetadata } from '../huggingFace/loaders.ts';
import { ColumnGuesser, type Guess } from './columns.ts';
import { byFrequency } from './names.ts';

const FILES_LOOKED_AT = 5;
const ROWS_LOOKED_AT = 200;

interface Column {
  readonly values: string[];
  /** Folder of the metadata file, relative to the root. */
  readonly folder: string;
}

/** The one way in which the metadata files of a folder link files and hold texts, if they give two modalities. */
export async function huggingFaceCandidates(folder: Folder, job: Job): Promise<Candidate<HuggingFaceFolderPairing>[]> {
  const metadata = folder.files.map(({ path }) => path).filter(isMetadata);
  if (metadata.length === 0) return [];
  const columns = new Map<string, Column>();
  for (const file of metadata.slice(0, FILES_LOOKED_AT)) await lookAt(folder, file, columns, job);
  const guesser = new ColumnGuesser(folder.files);
  const guesses = [...columns].map(([name, { values, folder: below }]) => ({
    name,
    guess: guesser.guess(name.slice(name.lastIndexOf('.') + 1), values, below),
    values,
  }));
  const items: Partial<Record<Modality, string[]>> = {};
  for (const { name, values } of guesses.filter(({ name }) => isLink(name))) {
    const modality = modalityOf(values);
    if (modality !== undefined) items[modality] = [...(items[modality] ?? []), name];
  }
  const texts = ranked(guesses, 'text');
  if (items.text === undefined && texts.length > 0) items.text = texts;
  if (Object.keys(items).length < 2) return [];
  const [concept] = ranked(guesses, 'class');
  const [split] = ranked(guesses, 'split');
  return [
    {
      pairing: {
        layout: 'hugging-face-folder',
        items,
        ...(concept !== undefined && { class: concept }),
        ...(split !== undefined && { split }),
        strength: 'strong',
      },
      description: `Hugging Face folder with ${inList(metadata.slice(0, 3))}: ${Object.keys(items).join(' ↔ ')}`,
      reasons: {
        layout: 'Each row of a metadata file names files and holds their texts.',
        items: 'The columns that name files (…file_name) or hold the text itself.',
        strength: 'strong: taken to show the same thing. Write weak if the items of a row only share a class.',
      },
    },
  ];
}

async function lookAt({ root }: Folder, file: string, columns: Map<string, Column>, { signal }: Job): Promise<void> {
  try {
    for await (const record of readRecords(join(root, file), signal)) {
      if ('fault' in record) continue;
      if (record.row > ROWS_LOOKED_AT) break;
      for (const name of leafPaths(record.fields)) {
        const column = columns.get(name) ?? { values: [], folder: posix.dirname(file) };
        column.values.push(...leavesAt(record.fields, name).map(({ value }) => value));
        columns.set(name, column);
      }
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

/** What most of the names promise by their extensions. */
function modalityOf(names: readonly string[]): Modality | undefined {
  const [commonest] = byFrequency(names.flatMap((name) => mediaTypeOf(name)?.modality ?? []));
  return Modality.safeParse(commonest?.value).data;
}

/** The likeliest column of a kind; for texts all that are as likely, such as `caption_1` to `caption_5`. */
function ranked(
  columns: readonly { readonly name: string; readonly guess: Guess }[],
  kind: 'text' | 'class' | 'split',
): string[] {
  const found = columns.flatMap(({ name, guess }) =>
    guess.kind === kind && !isLink(name) ? [{ name, rank: guess.rank }] : [],
  );
  const best = Math.min(...found.map(({ rank }) => rank));
  return found.filter(({ rank }) => rank === best).map(({ name }) => name);
}
