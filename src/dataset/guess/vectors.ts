import { join, posix } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { isParquet } from '../../container/parquet.ts';
import { describeOthers, isArrayFile, listArrays } from '../../container/vectors.ts';
import { Modality } from '../../protocol.ts';
import { type Candidate, type Folder, inList } from '../formats/format.ts';
import { idFilesBeside } from '../formats/idFiles.ts';
import type { VectorPairing } from '../formats/vectors.ts';
import type { FileEntry } from '../walk.ts';

const WORDS: Readonly<Record<Modality, RegExp>> = {
  image: /(^|[^a-z])(images?|img|pictures?|vision|visual)([^a-z]|$)/i,
  audio: /(^|[^a-z])(audios?|sounds?|speech|wavs?)([^a-z]|$)/i,
  text: /(^|[^a-z])(texts?|txt|captions?|language)([^a-z]|$)/i,
};

/** An array with its file as a pattern, and what its name says of its modality. */
interface NamedArray {
  readonly modality: Modality;
  readonly files: string;
  readonly array?: string;
  /** The file with the ids of its rows, as a pattern. */
  readonly ids?: string;
}

/** A proposal when the names of arrays tell at least two modalities. */
export async function vectorCandidates(folder: Folder): Promise<Candidate<VectorPairing>[]> {
  const { files } = folder;
  const names = new Set(files.map(({ path }) => path));
  const arrays = new Map<Modality, NamedArray>();
  for (const [pattern, path] of patternsOf(files)) {
    for (const found of await arraysOf(folder, pattern, path)) {
      if (!arrays.has(found.modality))
        arrays.set(found.modality, { ...found, ...idsOf(pattern, path, found.array, names) });
    }
  }
  const modalities = [...arrays.keys()];
  if (modalities.length < 2) return [];
  const ids = metadataOf(files) ?? onlyOne([...arrays.values()].map((array) => array.ids));
  const items = Object.fromEntries(
    [...arrays].map(([modality, { files: pattern, array, ids: own }]) => [
      modality,
      { files: pattern, ...(array && { array }), ...(own && ids === undefined && { ids: own }) },
    ]),
  );
  return [
    {
      pairing: { layout: 'vectors', items, ...(ids && { ids }), strength: 'strong' },
      description: `Vectors: ${inList(modalities)}`,
      reasons: {
        layout: 'Each row of an array is the vector of one item; rows of the arrays pair.',
        items: 'The arrays whose names tell a modality, and the ids of their rows where they lie beside.',
        ...(ids && { ids: 'What names the rows of all arrays.' }),
      },
    },
  ];
}

/** The ids that lie beside the array files of a pattern; several files need several files of ids. */
function idsOf(
  pattern: string,
  path: string,
  array: string | undefined,
  names: ReadonlySet<string>,
): { ids: string } | undefined {
  const place = idFilesBeside(path, array).findIndex((file) => names.has(file));
  const ids = idFilesBeside(pattern, array)[place];
  return ids === undefined || ids.includes('*') !== pattern.includes('*') ? undefined : { ids };
}

function onlyOne(files: readonly (string | undefined)[]): string | undefined {
  return new Set(files).size === 1 ? files[0] : undefined;
}

/** Array files by pattern, the numbers at the end of their names as "*", with the first of each. */
function patternsOf(files: readonly FileEntry[]): Map<string, string> {
  const groups = new Map<string, string[]>();
  for (const { path } of files) {
    if (!isArrayFile(path) && !isParquet(path)) continue;
    const pattern = path.replace(/\d+(\.[a-z]+)$/i, '*$1');
    const group = groups.get(pattern);
    if (group === undefined) groups.set(pattern, [path]);
    else group.push(path);
  }
  return new Map([...groups].map(([pattern, [path = '', ...more]]) => [more.length === 0 ? path : pattern, path]));
}

/** The arrays of a file whose names tell a modality; every other one is refused. */
async function arraysOf({ root, refuse }: Folder, pattern: string, path: string): Promise<NamedArray[]> {
  try {
    const arrays = await listArrays(join(root, path));
    for (const other of await describeOthers(join(root, path))) {
      refuse(`${path} holds an array (${other}) that is no matrix of numbers: save one row of numbers for each item.`);
    }
    return arrays.flatMap(({ name, rows }) => {
      const words = name ?? path;
      if (rows === 0) refuse(`The array ${words} has no rows.`);
      const modality =
        Modality.options.find((option) => WORDS[option].test(words)) ?? modalityOf(posix.basename(path), arrays.length);
      if (modality !== undefined) return [{ modality, files: pattern, ...(name !== undefined && { array: name }) }];
      if (isArrayFile(path))
        refuse(`The name of the array ${words} does not tell what it is of: call it image, audio or text.`);
      return [];
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (isArrayFile(path)) refuse(error.message);
    return [];
  }
}

/** What the name of a file says, when it holds one array only. */
function modalityOf(name: string, arrays: number): Modality | undefined {
  return arrays === 1 ? Modality.options.find((option) => WORDS[option].test(name)) : undefined;
}

/** `metadata/metadata_0.parquet` of clip-retrieval. */
function metadataOf(files: readonly FileEntry[]): string | undefined {
  const found = files.map(({ path }) => path).filter((path) => /(^|\/)metadata_\d+\.parquet$/.test(path));
  const [first, second] = found;
  return second === undefined ? first : first?.replace(/\d+\.parquet$/, '*.parquet');
}
