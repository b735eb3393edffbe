import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { programPath } from '../../base/programs.ts';
import type { Modality } from '../../protocol.ts';
import { embeddingsFolder } from '../embeddingSet.ts';
import type { EncoderChoice } from '../encoderChoice.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { UnfinishedSet } from '../unfinishedSet.ts';
import type { Encoded, Encoding, VectorSource } from '../vectorSource.ts';
import { encodeByModel } from './encodeByModel.ts';
import { openModelFolder } from './modelFolder.ts';
import { findTransformers } from './transformers.ts';

/** Raised whenever the same model would give the same item another vector. */
const VERSION = 1;

/** The vectors that the ONNX model in a folder gives the items of a modality. Throws {@link InputError}. */
export async function modelSource(
  path: string,
  modality: Modality,
  { name, transformers }: EncoderChoice & { name: string },
): Promise<VectorSource> {
  const { files } = await openModelFolder(path, modality);
  const fingerprint = await fingerprintOf(files);
  return {
    name,
    version: VERSION,
    origin: { kind: 'model', path, fingerprint },
    isStored: true,
    async encode(encoding, job) {
      const request = { kind: 'open', folder: path, modality, transformers: findTransformers(transformers) } as const;
      const unfinished = await openUnfinished(encoding, name, fingerprint);
      try {
        await encodeByModel(encoding, { script: programPath('model'), request }, unfinished, job);
      } catch (error) {
        await unfinished.release();
        throw error;
      }
      try {
        return await readFinished(encoding, unfinished, path);
      } finally {
        await unfinished.remove();
      }
    },
  };
}

async function openUnfinished(
  { snapshot, modality }: Encoding,
  name: string,
  fingerprint: string,
): Promise<UnfinishedSet> {
  const contents = snapshot.summary.contents[modality] ?? '';
  const state = shortHash(JSON.stringify([contents, fingerprint, VERSION]));
  return await UnfinishedSet.open(embeddingsFolder(snapshot.dataset), `${modality}-${name}`, state);
}

async function readFinished({ items, modality }: Encoding, unfinished: UnfinishedSet, path: string): Promise<Encoded> {
  if (unfinished.dimensions === 0) {
    const sentence = unfinished.unreadable[0]?.sentence;
    throw new InputError(
      `${path} could encode none of the ${items.length} ${modality} items. The first one: ${sentence}`,
    );
  }
  const space = unfinished.isShared ? { space: await spaceOf(path) } : {};
  return { fitted: { items: 0 }, ...(await unfinished.read(items)), ...space };
}

/** One name for both sides of a model: that of its folder and the state of its configuration. */
async function spaceOf(path: string): Promise<string> {
  const config = await readFile(join(path, 'config.json'), 'utf8');
  return `${basename(path)}-${shortHash(config).slice(0, 6)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
