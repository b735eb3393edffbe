import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { programPath } from '../../base/programs.ts';
import { DecoderPool } from '../../decoding/decoderPool.ts';
import type { Modality } from '../../protocol.ts';
import type { EncoderChoice } from '../encoderChoice.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { encodeByModel } from '../models/encodeByModel.ts';
import type { VectorSource } from '../vectorSource.ts';
import { decodedMedia } from './decodedMedia.ts';
import { openModelFolder } from './modelFolder.ts';
import { findTransformers } from './transformers.ts';

/** Raised whenever the same model would give the same item another vector. */
const VERSION = 1;

/** The vectors that the ONNX model in a folder gives the items of a modality. Throws `InputError`. */
export async function modelSource(
  path: string,
  modality: Modality,
  { name, transformers }: EncoderChoice & { name: string },
): Promise<VectorSource> {
  const { files } = await openModelFolder(path, modality);
  const source = {
    name,
    version: VERSION,
    origin: { kind: 'model', path, fingerprint: await fingerprintOf(files) },
  } as const;
  return {
    ...source,
    isStored: true,
    async encode(encoding, job) {
      const opening = {
        script: programPath('model'),
        args: [findTransformers(transformers)],
        request: { kind: 'open', folder: path, modality },
      } as const;
      const decoders = new DecoderPool({ processes: Math.max(1, availableParallelism() - 1), signal: job.signal });
      try {
        const reader = decodedMedia(modality, decoders);
        const { isShared, ...encoded } = await encodeByModel(encoding, { source, opening, reader }, job);
        return { fitted: { items: 0 }, ...encoded, ...(isShared && { space: await spaceOf(path) }) };
      } finally {
        await decoders.close();
      }
    },
  };
}

/** One name for both sides of a model: that of its folder and the state of its configuration. */
async function spaceOf(path: string): Promise<string> {
  const config = await readFile(join(path, 'config.json'), 'utf8');
  return `${basename(path)}-${createHash('sha256').update(config).digest('hex').slice(0, 6)}`;
}
