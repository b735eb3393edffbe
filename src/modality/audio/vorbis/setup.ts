import { bitLength, PackedBits } from './bits.ts';
import { Codebook } from './codebook.ts';
import { DamagedStream, pick } from './damage.ts';
import { Floor } from './floor.ts';
import { Residue } from './residue.ts';

/** How the channels of a block go through floors and residues (Vorbis I, §4.2.4). */
export interface Mapping {
  /** Pairs of channels that are coded together. */
  readonly couplings: readonly { readonly magnitude: number; readonly angle: number }[];
  /** The submap of each channel. */
  readonly submapOf: readonly number[];
  readonly submaps: readonly { readonly floor: Floor; readonly residue: Residue }[];
}

export interface Setup {
  readonly channels: number;
  /** Samples of a short and of a long block. */
  readonly blockSizes: readonly [number, number];
  readonly modes: readonly { readonly isLong: boolean; readonly mapping: Mapping }[];
}

const PACKET_NAME_BYTES = 7;

/** The identification and the setup header (§4.2.2 and §4.2.4). Throws {@link DamagedStream} and `OutOfBits`. */
export function parseSetup(identification: Uint8Array, setup: Uint8Array): Setup {
  const channels = identification[11] ?? 0;
  const sizes = identification[28] ?? 0;
  const blockSizes = [2 ** (sizes & 15), 2 ** (sizes >> 4)] as const;
  if (channels === 0 || blockSizes[0] < 64 || blockSizes[1] > 8192 || blockSizes[0] > blockSizes[1]) {
    throw new DamagedStream('its header is damaged');
  }
  if (setup[0] !== 5) throw new DamagedStream('its setup is missing');
  const bits = new PackedBits(setup.subarray(PACKET_NAME_BYTES));
  const list = <T>(width: number, read: () => T): T[] => Array.from({ length: bits.read(width) + 1 }, read);
  const books = list(8, () => new Codebook(bits));
  list(6, () => bits.read(16));
  const floors = list(6, () => new Floor(bits, books));
  const residues = list(6, () => new Residue(bits, books));
  const mappings = list(6, () => readMapping(bits, channels, floors, residues));
  const modes = list(6, () => {
    const isLong = bits.flag();
    bits.read(32);
    return { isLong, mapping: pick(mappings, bits.read(8)) };
  });
  return { channels, blockSizes, modes };
}

function readMapping(
  bits: PackedBits,
  channels: number,
  floors: readonly Floor[],
  residues: readonly Residue[],
): Mapping {
  if (bits.read(16) !== 0) throw new DamagedStream('a mapping is of no known type');
  const submapCount = bits.flag() ? bits.read(4) + 1 : 1;
  const width = bitLength(channels - 1);
  const couplings = Array.from({ length: bits.flag() ? bits.read(8) + 1 : 0 }, () => {
    const coupling = { magnitude: bits.read(width), angle: bits.read(width) };
    const { magnitude, angle } = coupling;
    if (magnitude === angle || Math.max(magnitude, angle) >= channels) throw new DamagedStream('a mapping is damaged');
    return coupling;
  });
  bits.read(2);
  const submapOf = Array.from({ length: channels }, () => (submapCount > 1 ? bits.read(4) : 0));
  if (submapOf.some((submap) => submap >= submapCount)) throw new DamagedStream('a mapping is damaged');
  const submaps = Array.from({ length: submapCount }, () => {
    bits.read(8);
    return { floor: pick(floors, bits.read(8)), residue: pick(residues, bits.read(8)) };
  });
  return { couplings, submapOf, submaps };
}
