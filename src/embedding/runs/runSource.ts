import { InputError } from '../../base/errors.ts';
import { programPath } from '../../base/programs.ts';
import type { Modality } from '../../protocol.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { encodeByModel } from '../models/encodeByModel.ts';
import type { VectorSource } from '../vectorSource.ts';
import { openNetworkInputs } from './networkInputs.ts';
import { type NetworkSide, networkFiles, type RunNetwork, readRunNetwork } from './runNetwork.ts';

/** Raised whenever the same network would give the same item another vector. */
const VERSION = 1;

/**
 * The vectors that the network of a run gives the items of one of its two modalities, by the weights that its test
 * used; of a stopped run by the best until then. Throws {@link InputError}.
 */
export async function runSource(
  path: string,
  modality: Modality,
  { name }: { readonly name: string },
): Promise<VectorSource> {
  const network = await readRunNetwork(path);
  const side = sideOf(network, modality);
  const source = {
    name,
    version: VERSION,
    origin: { kind: 'run', path, fingerprint: await fingerprintOf(Object.values(networkFiles(path))) },
  } as const;
  return {
    ...source,
    isStored: true,
    async encode(encoding, job) {
      const inputs = await openNetworkInputs(encoding.snapshot, network, side, job);
      try {
        const opening = {
          script: programPath('runner'),
          args: ['--encode'],
          request: { kind: 'open', folder: path, modality },
        } as const;
        const { isShared, ...encoded } = await encodeByModel(encoding, { source, opening, reader: inputs }, job);
        const notes = [noteOf(network)];
        return { fitted: { items: 0 }, ...encoded, notes, ...(isShared && { space: network.run }) };
      } finally {
        inputs.close();
      }
    },
  };
}

function sideOf({ run, source, target }: RunNetwork, modality: Modality): NetworkSide {
  const side = [source, target].find((one) => one.modality === modality);
  if (side !== undefined) return side;
  throw new InputError(
    `The network of ${run} embeds ${source.modality} and ${target.modality} items, and no ${modality} items.`,
  );
}

function noteOf({ run, method, aligns, source, target }: RunNetwork): string {
  const both = `${source.modality} and ${target.modality} items`;
  return aligns
    ? `${run} (${method}) learned to bring ${both} into one space. It learned from pairs of its meta-training classes: on those it looks better than it is.`
    : `Nothing in ${method} brings ${both} into one space, so both sides of ${run} are compared after a map.`;
}
