import { join, posix } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import { Modality, type Strength } from '../../protocol.ts';
import { type Candidate, type Folder, inList } from '../formats/format.ts';
import { elementsOf, isTable, readHead } from '../formats/rows.ts';
import type { Column, TablePairing } from '../formats/table.ts';
import { ColumnGuesser, type Guess } from './columns.ts';

const ROWS_LOOKED_AT = 500;

/** A candidate for every table below the root whose columns give at least two modalities. */
export async function tableCandidates(folder: Folder): Promise<Candidate<TablePairing>[]> {
  const guesser = new ColumnGuesser(folder.files);
  const candidates: Candidate<TablePairing>[] = [];
  for (const { path } of folder.files) {
    if (!isTable(path)) continue;
    const candidate = await candidateOf(folder, path, guesser);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return candidates;
}

interface Looked {
  readonly name: string;
  readonly values: readonly string[];
  readonly guess: Guess;
}

type Cells = ReadonlyMap<string, string>;

async function candidateOf(
  folder: Folder,
  file: string,
  guesser: ColumnGuesser,
): Promise<Candidate<TablePairing> | undefined> {
  const head = await headOf(folder, file);
  if (head === undefined) return undefined;
  const columns = head.columns.map((name): Looked => {
    const values = head.rows.flatMap((row) => elementsOf(row.get(name) ?? '')).filter((value) => value !== '');
    return { name, values, guess: guesser.guess(name, values, posix.dirname(file)) };
  });
  const items = itemsOf(columns, posix.dirname(file));
  if (Object.keys(items).length < 2) {
    folder.refuse(whyNot(file, columns, guesser));
    return undefined;
  }
  const [id] = ranked(columns, 'id');
  const [concept, ...otherClasses] = ranked(columns, 'class');
  const [split] = ranked(columns, 'split');
  const source = sourceOf(items, ranked(columns, 'speaker')[0]?.name, ranked(columns, 'source')[0]?.name);
  const { strength, why } = strengthOf(items, concept?.name, head.rows);
  const pairing: TablePairing = {
    layout: 'table',
    file,
    items,
    ...(id && { id: id.name }),
    ...(concept && { class: concept.name }),
    ...(split && { split: split.name }),
    ...(source && { source }),
    strength,
  };
  return {
    pairing,
    description: `table ${file}: ${Object.keys(items).join(' ↔ ')}`,
    reasons: {
      layout: `Each row of ${file} is a pair.`,
      items: `The columns that hold paths of files (path) or the text itself (cell).${unused(columns, items)}`,
      id: 'What names a pair.',
      source: 'Who spoke, or what an item was cut from: items of one source should not be in two splits.',
      class: otherClasses.length === 0 ? undefined : `Could also be ${inList(otherClasses.map(classInWords))}.`,
      strength: why,
    },
  };
}

/** A speaker is one of sounds; a recording or a video is one of all files that were cut from it. */
function sourceOf(
  items: Partial<Record<Modality, Column | Column[]>>,
  speaker: string | undefined,
  source: string | undefined,
): TablePairing['source'] {
  const sources = Object.keys(items)
    .map((name) => Modality.parse(name))
    .flatMap((modality) => {
      const column = modality === 'audio' ? (speaker ?? source) : modality === 'image' ? source : undefined;
      return column === undefined ? [] : [[modality, column] as const];
    });
  return sources.length === 0 ? undefined : Object.fromEntries(sources);
}

async function headOf(
  { root, refuse }: Folder,
  file: string,
): Promise<{ columns: string[]; rows: Cells[] } | undefined> {
  try {
    return await readHead(join(root, file), ROWS_LOOKED_AT);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    refuse(error.message);
    return undefined;
  }
}

/** Why a table tells of no two modalities, in a sentence. */
function whyNot(file: string, columns: readonly Looked[], guesser: ColumnGuesser): string {
  if (columns.every(({ values }) => values.length === 0)) return `The table ${file} has no row that can be read.`;
  for (const { name, values, guess } of columns) {
    const isLost = (value: string): boolean =>
      mediaTypeOf(value) !== undefined && !guesser.leadsToFile(value, posix.dirname(file));
    const lost = values.filter(isLost);
    const [example] = lost;
    if (guess.kind === 'path' || example === undefined || lost.length < values.length / 2) continue;
    return `The column "${name}" of the table ${file} names files that do not lie below the root, such as ${example}.`;
  }
  const names = inList(columns.map(({ name }) => `"${name}"`));
  return `The table ${file} (${names}) has no two columns that hold paths of files or texts.`;
}

/** Files come before cells: a text that is a file of its own should not be left out in favour of its copy. */
function itemsOf(columns: readonly Looked[], tableFolder: string): Partial<Record<Modality, Column>> {
  const items: Partial<Record<Modality, Column>> = {};
  for (const { name, guess } of columns) {
    if (guess.kind !== 'path' || items[guess.modality] !== undefined) continue;
    items[guess.modality] = guess.folder === tableFolder ? { path: name } : { path: name, folder: guess.folder };
  }
  const [text] = ranked(columns, 'text');
  if (items.text === undefined && text !== undefined) items.text = { cell: text.name };
  return items;
}

interface Ranked {
  readonly name: string;
  readonly rank: number;
  readonly distinct: number;
}

function ranked(columns: readonly Looked[], kind: 'text' | 'class' | 'split' | 'id' | 'speaker' | 'source'): Ranked[] {
  return columns
    .flatMap(({ name, guess }) => (guess.kind === kind ? [{ ...guess, name }] : []))
    .sort((a, b) => a.rank - b.rank);
}

function classInWords({ name, distinct }: Ranked): string {
  return `"${name}" (${distinct} values in the first ${ROWS_LOOKED_AT} rows)`;
}

function unused(columns: readonly Looked[], items: Partial<Record<Modality, Column>>): string {
  const used = Object.values(items).map((column) => ('path' in column ? column.path : column.cell));
  const others = columns.filter(
    ({ name, guess }) => !used.includes(name) && (guess.kind === 'path' || guess.kind === 'text'),
  );
  if (others.length === 0) return '';
  return ` Not used: ${inList(others.map(({ name, guess }) => `"${name}" (${guess.kind})`))}; each modality takes one column.`;
}

/**
 * Rows whose files lie in folders of the class and never share a name, or whose items both come again and again, were put
 * together by class. Everything else is taken for the same instance. The comment asks the reader to check.
 */
function strengthOf(
  items: Partial<Record<Modality, Column>>,
  concept: string | undefined,
  rows: readonly Cells[],
): { strength: Strength; why: string } {
  const columns = Object.values(items).flatMap((column) => ('path' in column ? [column.path] : []));
  const paths = rows.map((row) => columns.flatMap((name) => row.get(name) ?? []));
  const [first = '', second = ''] = columns;
  const isRepeated = (name: string): boolean => {
    const values = rows.flatMap((row) => row.get(name) ?? []);
    return new Set(values).size < values.length;
  };
  if (columns.length > 1 && isRepeated(first) && isRepeated(second)) {
    return {
      strength: 'weak',
      why: 'weak: files of both kinds stand in several rows. Write strong if the two items of a row show the same thing.',
    };
  }
  const inClassFolders = rows.every((row, index) => {
    const value = concept === undefined ? undefined : row.get(concept);
    return value !== undefined && (paths[index] ?? []).every((path) => path.split('/').slice(0, -1).includes(value));
  });
  const shareNames = paths.some((row) => new Set(row.map((path) => posix.parse(path).name)).size < row.length);
  if (columns.length > 1 && inClassFolders && !shareNames) {
    return {
      strength: 'weak',
      why: 'weak: the files of a row share the folder of their class but no name. Write strong if they show the same thing.',
    };
  }
  return {
    strength: 'strong',
    why: 'strong: taken to show the same thing. Write weak if the items of a row only share a class.',
  };
}
