import { join } from 'node:path';
import * as z from 'zod';
import { literal } from '../../base/database.ts';
import type { Job } from '../../base/progress.ts';
import { type Modality, Strength } from '../../protocol.ts';
import { vectorCandidates } from '../guess/vectors.ts';
import type { Staging } from '../staging.ts';
import { type Format, inList } from './format.ts';
import { idFilesBeside } from './idFiles.ts';
import { modalitiesIn, perModality } from './pattern.ts';
import { readRowIds } from './rowIds.ts';
import { findShards, type ShardFile, ShardPattern } from './shardPattern.ts';
import { addVectors, onlyArray } from './vectorItems.ts';
import { type NamedVectors, pairRows } from './vectorPairs.ts';

const Arrays = z.strictObject({
  files: ShardPattern.describe('the array files: .npy, .npz, .safetensors or .parquet'),
  array: z.string().optional().describe('name of the array in each file, where it holds several'),
  ids: ShardPattern.optional().describe('files with an id for each row: .txt, .json, .csv, .tsv, .jsonl or .parquet'),
});

const VectorPairing = z.strictObject({
  layout: z.literal('vectors'),
  items: perModality(Arrays),
  ids: ShardPattern.optional().describe(
    'files with an id for each row of all arrays, as the metadata of clip-retrieval',
  ),
  strength: Strength,
});
export type VectorPairing = z.infer<typeof VectorPairing>;

/**
 * Vectors that other programs computed: an array for each modality, whose rows pair. Rows pair by their ids where ids lie
 * beside the arrays, else by their position. An array may be in several files, which are joined by the number in their
 * names (`img_emb_3.npy`, `text_emb_3.npy`).
 */
export const vectors: Format<typeof VectorPairing> = {
  schema: VectorPairing,
  modalities: ({ items }) => modalitiesIn(items),
  leftOver: () => 'the dataset reads its items from arrays',
  propose: vectorCandidates,
  read: readVectors,
};

/** The array files of one number. */
interface Part {
  readonly number: string;
  readonly arrays: ReadonlyMap<Modality, ShardFile>;
}

async function readVectors(pairing: VectorPairing, staging: Staging, job: Job): Promise<void> {
  const parts = await findParts(pairing, staging, job.signal);
  const modalities = modalitiesIn(pairing.items);
  const isShared = modalities.every((modality) => pairing.items[modality]?.ids === undefined);
  const dimensions = new Map<Modality, number>();
  for (const [index, part] of parts.entries()) {
    job.progress?.({ stage: 'reading vectors', done: index, total: parts.length });
    const added: NamedVectors[] = [];
    for (const modality of modalities) {
      const file = part.arrays.get(modality);
      if (file === undefined) continue;
      staging.claim(file.path);
      const vectors = await readArray(pairing, staging, modality, file, part.number, job.signal);
      added.push(vectors);
      nameOtherDimensions(staging, dimensions, modality, file.path, vectors.dimensions);
    }
    const { strength } = pairing;
    for (const [place, one] of added.entries()) {
      for (const other of added.slice(place + 1)) pairRows({ strength, isShared }, staging, one, other);
    }
  }
}

async function findParts({ items }: VectorPairing, staging: Staging, signal: AbortSignal | undefined): Promise<Part[]> {
  const parts = new Map<string, Map<Modality, ShardFile>>();
  const modalities = modalitiesIn(items);
  for (const modality of modalities) {
    const files = await findShards(staging, [items[modality]?.files ?? ''], signal);
    for (const file of files) {
      const number = files.length === 1 ? '' : numberOf(file.path);
      const arrays = parts.get(number) ?? new Map<Modality, ShardFile>();
      parts.set(number, arrays.set(modality, file));
    }
  }
  for (const { size, paths } of [...parts.values()].map((part) => ({ size: part.size, paths: [...part.values()] }))) {
    const [where] = paths;
    if (size === modalities.length || where === undefined) continue;
    const sentence = `${where.path} has no array of the other modality with its number: its rows were not paired.`;
    staging.problem({ kind: 'bad-vector', severity: 'error', where: where.path, sentence, items: [] });
  }
  return [...parts].map(([number, arrays]) => ({ number, arrays }));
}

async function readArray(
  pairing: VectorPairing,
  staging: Staging,
  modality: Modality,
  { path, split }: ShardFile,
  number: string,
  signal: AbortSignal | undefined,
): Promise<NamedVectors> {
  const { array, ids: own } = pairing.items[modality] ?? { array: undefined, ids: undefined };
  const name = array ?? (await onlyArray(join(staging.root, path)));
  const pattern = own ?? pairing.ids;
  const idFile = pattern === undefined ? undefined : await idFileOf(staging, pattern, number, signal);
  const ids = idFile === undefined ? undefined : await readRowIds(join(staging.root, idFile), signal);
  const added = await addVectors(staging, { path, array: name, modality }, () => ({ split }), signal);
  const named = {
    ...added,
    modality,
    path,
    split,
    unused: idFile === undefined ? await unusedIds(staging, path, name) : [],
  };
  if (ids === undefined || ids.length === added.rows) return { ...named, ids };
  const sentence = `${path} has ${added.rows} rows, but ${idFile} has ${ids.length} ids: which id is of which row is unknown. Write both again.`;
  staging.problem({ kind: 'bad-vector', severity: 'error', where: path, sentence, items: [] });
  return { ...named, ids: undefined };
}

const Path = z.object({ path: z.string() });

async function unusedIds(staging: Staging, path: string, array: string | undefined): Promise<string[]> {
  const list = idFilesBeside(path, array).map(literal).join(', ');
  const found = await staging.database.query(`SELECT path FROM files WHERE path IN (${list}) ORDER BY path`, {}, Path);
  return found.map((file) => file.path);
}

async function idFileOf(
  staging: Staging,
  pattern: string,
  number: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const files = await findShards(staging, [pattern], signal);
  const file = files.length === 1 ? files[0] : files.find(({ path }) => numberOf(path) === number);
  if (file !== undefined) staging.claim(file.path);
  return file?.path;
}

/** Vectors of one modality have one length, in all files. */
function nameOtherDimensions(
  staging: Staging,
  known: Map<Modality, number>,
  modality: Modality,
  path: string,
  dimensions: number,
): void {
  const usual = known.get(modality) ?? dimensions;
  known.set(modality, usual);
  if (usual === dimensions) return;
  const sentence = `${path} has vectors of ${dimensions} numbers, but the other ${inList([modality])} vectors have ${usual}: encode it again with the same encoder.`;
  staging.problem({ kind: 'bad-vector', severity: 'error', where: path, sentence, items: [] });
}

/** The last number in the name of a file, without leading zeros. */
function numberOf(path: string): string {
  return String(Number(/(\d+)[^\d/]*$/.exec(path)?.[1] ?? 0));
}
