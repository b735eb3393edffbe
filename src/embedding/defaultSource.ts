import type { Snapshot } from '../dataset/snapshot.ts';
import type { Modality } from '../protocol.ts';
import { builtInEncoder } from './builtIn.ts';
import type { VectorSource } from './vectorSource.ts';
import { VECTORS } from './vectors.ts';

/** Vectors of the dataset itself where its items are vectors, else the built-in encoder of the modality. */
export async function defaultSource(snapshot: Snapshot, modality: Modality): Promise<VectorSource> {
  if (await snapshot.holdsVectors(modality)) return VECTORS;
  const builtIn = builtInEncoder(modality);
  if (builtIn === undefined) throw new Error(`There is no built-in encoder for ${modality} items.`);
  return builtIn;
}
