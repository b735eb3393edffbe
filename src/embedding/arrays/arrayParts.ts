import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { exists, isFolder, namesIn } from '../../base/files.ts';
import { isParquet } from '../../container/parquet.ts';
import type { VectorArray } from '../../container/vectorArray.ts';
import { isArrayFile, listArrays } from '../../container/vectors.ts';
import type { Modality } from '../../protocol.ts';

/** One array of an import; several follow each other. */
export interface ArrayPart {
  readonly path: string;
  readonly array: VectorArray;
  /** The file with the ids of its rows that lies beside it. */
  readonly ids?: string;
}

/** Of clip-retrieval and DataComp: the folder or the end of the name that belongs to a modality. */
const FOLDERS: Readonly<Record<Modality, string>> = { image: 'img_emb', text: 'text_emb', audio: 'audio_emb' };
const ENDS: Readonly<Record<Modality, RegExp>> = { image: /_(img|image)$/, text: /_(txt|text)$/, audio: /_audio$/ };

/**
 * The arrays that a file or folder means, in the order of the numbers in their names. A folder holds the parts of one
 * array, or the output of clip-retrieval, of which the part of the modality is taken. Throws {@link InputError}.
 *
 * @param array its name, where files hold several
 */
export async function findArrayParts(path: string, modality: Modality, array?: string): Promise<ArrayPart[]> {
  const files = (await isFolder(path)) ? await arrayFilesIn(path, modality) : [path];
  const parts: ArrayPart[] = [];
  for (const file of files) {
    const found = chooseArray(file, await arraysIn(file), modality, array);
    const ids = await idsBeside(file);
    parts.push({ path: file, array: found, ...(ids !== undefined && { ids }) });
  }
  const [first, ...others] = parts;
  const other = others.find((part) => part.array.columns !== first?.array.columns);
  if (first === undefined) throw new InputError(`${path} holds no arrays (.npy, .npz, .safetensors or .parquet).`);
  if (other === undefined) return parts;
  throw new InputError(
    `${first.path} has vectors of ${first.array.columns} numbers, but ${other.path} of ${other.array.columns}: they cannot be compared. Encode all with one model.`,
  );
}

async function arraysIn(path: string): Promise<VectorArray[]> {
  if (isArrayFile(path) || isParquet(path)) return await listArrays(path);
  throw new InputError(
    `${path} is neither the folder of an ONNX model (with config.json) nor a file of arrays (.npy, .npz, .safetensors or .parquet).`,
  );
}

async function arrayFilesIn(folder: string, modality: Modality): Promise<string[]> {
  const own = join(folder, FOLDERS[modality]);
  const holder = (await isFolder(own)) ? own : folder;
  const names = await readdir(holder);
  const arrays = names.filter((name) => isArrayFile(name));
  const chosen = arrays.length > 0 ? arrays : names.filter((name) => isParquet(name));
  const order = new Intl.Collator('en', { numeric: true });
  return chosen.sort(order.compare).map((name) => join(holder, name));
}

function chooseArray(path: string, arrays: readonly VectorArray[], modality: Modality, wanted?: string): VectorArray {
  const names = arrays.map(({ name }) => name ?? 'one without a name').join(', ');
  if (wanted !== undefined) {
    const named = arrays.find(({ name }) => name === wanted);
    if (named !== undefined) return named;
    throw new InputError(
      `${path} holds no matrix "${wanted}", but ${names || 'none at all'}. Name one of them with --array.`,
    );
  }
  const ofModality = arrays.filter(({ name }) => name !== undefined && ENDS[modality].test(name));
  const [only, another] = ofModality.length > 0 ? ofModality : arrays;
  if (only === undefined) {
    throw new InputError(
      `${path} holds no matrix of numbers: a row of float16, float32, float64, int8, uint8, int32 or int64 for each item. Save it so.`,
    );
  }
  if (another === undefined) return only;
  throw new InputError(`${path} holds several matrices: ${names}. Name one of them with --array.`);
}

/** The other columns of a table, the table of the same name (DataComp), or the metadata of clip-retrieval. */
async function idsBeside(path: string): Promise<string | undefined> {
  if (isParquet(path)) return path;
  const twin = path.replace(/\.[^./\\]+$/, '.parquet');
  if (await exists(twin)) return twin;
  const number = /(\d+)\.[^.]+$/.exec(basename(path))?.[1];
  const metadata = join(dirname(dirname(path)), 'metadata');
  const names = await namesIn(metadata);
  const name = names.find((other) => isParquet(other) && /(\d+)\.[^.]+$/.exec(other)?.[1] === number);
  return number === undefined || name === undefined ? undefined : join(metadata, name);
}
