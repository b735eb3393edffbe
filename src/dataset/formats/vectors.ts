import { join, posix } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { isParquet } from '../../container/parquet.ts';
import { type Modality, Strength } from '../../protocol.ts';
import { vectorCandidates } from '../guess/vectors.ts';
import type { Staging } from '../staging.ts';
import { type Format, inList } from './format.ts';
import { modalitiesIn, perModality } from './pattern.ts';
import { readRowIds } from './rowIds.ts';
import { findShards, type ShardFile, ShardPattern } from './shardPattern.ts';
import { type AddedVectors, addVectors, onlyArray } from './vectorItems.ts';

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
  propose: ({ root, files }) => vectorCandidates(root, files),
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
  const dimensions = new Map<Modality, number>();
  for (const [index, part] of parts.entries()) {
    job.progress?.({ stage: 'reading vectors', done: index, total: parts.length });
    const added = new Map<Modality, Keyed>();
    for (const [modality, file] of part.arrays) {
      staging.claim(file.path);
      const keyed = await readArray(pairing, staging, modality, file, part.number, job.signal);
      added.set(modality, keyed);
      nameOtherDimensions(staging, dimensions, modality, file.path, keyed.dimensions);
    }
    for (const [place, first] of modalities.entries()) {
      for (const second of modalities.slice(place + 1)) pairRows(pairing, staging, part, first, second, added);
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

/** The vectors of a file, with the ids of its rows where there are some. */
interface Keyed extends AddedVectors {
  readonly path: string;
  readonly ids: readonly string[] | undefined;
  /** True for ids that belong to all arrays, whose rows then pair by position. */
  readonly isShared: boolean;
}

async function readArray(
  pairing: VectorPairing,
  staging: Staging,
  modality: Modality,
  { path, split }: ShardFile,
  number: string,
  signal: AbortSignal | undefined,
): Promise<Keyed> {
  const { array, ids: own } = pairing.items[modality] ?? { array: undefined, ids: undefined };
  const name = array ?? (await onlyArray(join(staging.root, path)));
  const pattern = own ?? pairing.ids;
  const idFile = pattern === undefined ? undefined : await idFileOf(staging, pattern, number, signal);
  const ids = idFile === undefined ? undefined : await readRowIds(join(staging.root, idFile), signal);
  const added = await addVectors(staging, { path, array: name, modality }, () => ({ split }), signal);
  if (ids === undefined || ids.length === added.rows) {
    return { ...added, path, ids, isShared: own === undefined };
  }
  const sentence = `${path} has ${added.rows} rows, but ${idFile} has ${ids.length} ids: which id is of which row is unknown. Write both again.`;
  staging.problem({ kind: 'bad-vector', severity: 'error', where: path, sentence, items: [] });
  return { ...added, path, ids: undefined, isShared: false };
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

function pairRows(
  { strength }: VectorPairing,
  staging: Staging,
  { arrays }: Part,
  first: Modality,
  second: Modality,
  added: ReadonlyMap<Modality, Keyed>,
): void {
  const [one, other] = [added.get(first), added.get(second)];
  if (one === undefined || other === undefined) return;
  const pair = (key: string, row: number, partner: number): void => {
    staging.pair({
      key,
      first: { modality: first, item: one.idOf(row) },
      second: { modality: second, item: other.idOf(partner) },
      strength,
      split: arrays.get(first)?.split,
    });
  };
  if (one.ids !== undefined && other.ids !== undefined && !one.isShared && !other.isShared) {
    const partners = new Map(other.ids.map((id, row) => [id, row]));
    for (const [row, id] of one.ids.entries()) {
      const partner = partners.get(id);
      if (partner !== undefined) pair(id, row, partner);
    }
    return;
  }
  if (one.rows !== other.rows) {
    const sentence = `${one.path} has ${one.rows} rows and ${other.path} ${other.rows}: which rows pair is unknown, so none was paired. Encode both again, or add "ids".`;
    staging.problem({ kind: 'bad-vector', severity: 'error', where: one.path, sentence, items: [] });
    return;
  }
  const isOneTable = one.path === other.path && isParquet(one.path);
  if (one.ids === undefined && !isOneTable) {
    const sentence = `The rows of ${one.path} and ${other.path} were paired by their position, because no ids lie beside them: check that both have one order.`;
    staging.problem({ kind: 'ambiguous-pairing', severity: 'warning', where: one.path, sentence, items: [] });
  }
  for (let row = 0; row < one.rows; row++) pair(one.ids?.[row] ?? `${posix.basename(one.path)}#${row + 1}`, row, row);
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
