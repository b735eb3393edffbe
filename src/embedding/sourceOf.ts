import { basename, resolve } from 'node:path';
import { InputError } from '../base/errors.ts';
import { exists } from '../base/files.ts';
import { isParquet } from '../container/parquet.ts';
import { isArrayFile } from '../container/vectors.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import type { Modality } from '../protocol.ts';
import { arraySource } from './arrays/arraySource.ts';
import { builtInEncoder, modalityOfBuiltIn } from './builtIn.ts';
import { defaultSource } from './defaultSource.ts';
import { type EmbeddingRecord, readEmbeddingRecord } from './embeddingSet.ts';
import { embeddingSetsOf } from './embeddingSets.ts';
import type { EncoderChoice } from './encoderChoice.ts';
import { isModelFolder } from './onnx/modelFolder.ts';
import { modelSource } from './onnx/modelSource.ts';
import { isRunFolder } from './runs/runNetwork.ts';
import { runSource } from './runs/runSource.ts';
import type { VectorSource } from './vectorSource.ts';
import { VECTORS } from './vectors.ts';

/** What a choice means. Throws {@link InputError} when it means nothing, or when its name belongs to other vectors. */
export async function sourceOf(
  snapshot: Snapshot,
  modality: Modality,
  { encoder, ...rest }: EncoderChoice,
): Promise<VectorSource> {
  const usual = await defaultSource(snapshot, modality);
  if (encoder === undefined || encoder === usual.name) return usual;
  if (modalityOfBuiltIn(encoder) !== undefined) return builtInOf(encoder, usual, modality);
  const record = /[/\\]/.test(encoder) ? undefined : await readEmbeddingRecord(snapshot.dataset, modality, encoder);
  if (record?.origin !== undefined) return await sourceOfStored(snapshot, record, rest);
  const path = resolve(encoder);
  if (!(await exists(path))) throw await unknownEncoder(snapshot, modality, encoder);
  const source = await sourceAt(path, modality, { ...rest, name: plain(rest.name ?? nameFrom(path)) });
  await refuseTakenName(snapshot, modality, source, usual);
  return source;
}

function builtInOf(name: string, usual: VectorSource, modality: Modality): VectorSource {
  if (usual === VECTORS) {
    throw new InputError(`The ${modality} items are vectors already, so the encoder ${name} cannot read them.`);
  }
  const builtIn = builtInEncoder(modality, name);
  if (builtIn !== undefined) return builtIn;
  throw new InputError(`The encoder ${name} is for ${modalityOfBuiltIn(name)} items, not for ${modality} items.`);
}

/** Computes the vectors again from where they came from, or, when that is gone, serves them as long as they fit. */
async function sourceOfStored(
  snapshot: Snapshot,
  record: EmbeddingRecord,
  rest: Omit<EncoderChoice, 'encoder'>,
): Promise<VectorSource> {
  const { encoder: name, modality, version, origin, space } = record;
  if (origin === undefined) throw new Error(`${name} has no origin.`);
  const { path } = origin;
  const [array, ids] = [rest.array ?? origin.array, rest.ids ?? origin.ids];
  if (await exists(path)) return { ...(await sourceAt(path, modality, { ...rest, array, ids, name })), space };
  return {
    name,
    version,
    origin,
    isStored: true,
    encode: () => {
      throw new InputError(
        `The items of ${snapshot.dataset.name} have changed since "${name}" encoded them, and ${path} is gone. Encode them again with --encoder and its new place.`,
      );
    },
  };
}

async function sourceAt(
  path: string,
  modality: Modality,
  choice: Omit<EncoderChoice, 'encoder'> & { name: string },
): Promise<VectorSource> {
  if (await isRunFolder(path)) return await runSource(path, modality, choice);
  return (await isModelFolder(path))
    ? await modelSource(path, modality, choice)
    : await arraySource(path, modality, choice);
}

/** The name of a file or folder. */
function nameFrom(path: string): string {
  const file = basename(path);
  return isArrayFile(path) || isParquet(path) ? file.replace(/\.[^.]+$/, '') : file;
}

/** A name as part of a file name, on every system. */
function plain(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N}_.]+/gu, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 60) || 'encoder'
  );
}

/** Vectors are not replaced by those of something else that happens to have the same name. */
async function refuseTakenName(
  snapshot: Snapshot,
  modality: Modality,
  { name, origin }: VectorSource,
  usual: VectorSource,
): Promise<void> {
  const taken = await readEmbeddingRecord(snapshot.dataset, modality, name);
  const isBuiltIn = modalityOfBuiltIn(name) !== undefined || name === usual.name;
  const other = taken?.origin?.path;
  if (!isBuiltIn && (other === undefined || other === origin?.path || !(await exists(other)))) return;
  const whose = isBuiltIn ? 'PairLab itself' : other;
  throw new InputError(`The name "${name}" belongs to the vectors of ${whose} already. Give another one with --name.`);
}

async function unknownEncoder(snapshot: Snapshot, modality: Modality, encoder: string): Promise<InputError> {
  const stored = (await embeddingSetsOf(snapshot)).filter((set) => set.modality === modality);
  const usual = await defaultSource(snapshot, modality);
  const names = [...new Set([usual.name, ...stored.map(({ name }) => name)])].join(', ');
  return new InputError(
    `There is no encoder, folder or file "${encoder}". For ${modality} items there are: ${names}; or name the folder of an ONNX model or of a run, or a file of arrays.`,
  );
}
