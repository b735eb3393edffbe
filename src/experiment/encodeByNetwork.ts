import { InputError } from '../base/errors.ts';
import type { ModelMedia } from '../embedding/models/messages.ts';
import type { OpenModel } from '../embedding/models/serveModel.ts';
import { openBackend } from '../learning/backend.ts';
import { openEncoder } from '../learning/encoder.ts';
import type { Modality } from '../protocol.ts';
import { readNetwork } from './network.ts';

/** The network that a run keeps, as a model of one of its modalities. */
export async function openNetwork(folder: string, modality: Modality, wasmFolder: string): Promise<OpenModel> {
  const { network, weights } = await readNetwork(folder);
  await openBackend('wasm', { wasmFolder });
  const encoder = openEncoder(network, network.source.modality === modality ? 'source' : 'target', weights);
  return {
    isShared: network.aligns,
    async encode(media) {
      const embedded = await encoder.embed(endToEnd(media), media.length);
      const dimensions = embedded[0]?.length ?? 0;
      const vectors = new Float32Array(media.length * dimensions);
      for (const [row, vector] of embedded.entries()) vectors.set(vector, row * dimensions);
      return { dimensions, vectors };
    },
  };
}

function endToEnd(media: readonly ModelMedia[]): Float32Array {
  const arrays = media.map((one) => {
    if (one.kind === 'array') return one.values;
    throw new InputError(`the network of a run takes arrays, not a ${one.kind}`);
  });
  const size = arrays[0]?.length ?? 0;
  const values = new Float32Array(arrays.length * size);
  for (const [row, array] of arrays.entries()) values.set(array, row * size);
  return values;
}
