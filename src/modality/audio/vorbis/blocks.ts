import { OutOfBits } from '../bitReader.ts';
import { bitLength, PackedBits } from './bits.ts';
import { DamagedStream, pick } from './damage.ts';
import { InverseMdct } from './inverseMdct.ts';
import type { Mapping, Setup } from './setup.ts';

/** Decodes the audio packets of a Vorbis stream in order (Vorbis I, §4.3). */
export class BlockDecoder {
  readonly #setup: Setup;
  readonly #transforms: readonly [InverseMdct, InverseMdct];
  /** The second half of the block before, windowed; absent before the first block. */
  #previous: Float32Array[] | undefined;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#transforms = [new InverseMdct(setup.blockSizes[0]), new InverseMdct(setup.blockSizes[1])];
  }

  /**
   * The samples of each channel that a packet completes: a quarter of its block and of the one before; none for the
   * first packet. Throws {@link DamagedStream}.
   */
  decode(packet: Uint8Array): Float32Array[] {
    const bits = new PackedBits(packet);
    try {
      if (bits.flag()) return [];
      const { modes, blockSizes } = this.#setup;
      const { isLong, mapping } = pick(modes, bits.read(bitLength(modes.length - 1)));
      const [beforeIsLong, afterIsLong] = isLong ? [bits.flag(), bits.flag()] : [false, false];
      const size = blockSizes[isLong ? 1 : 0];
      const left = isLong && beforeIsLong ? blockSizes[1] : blockSizes[0];
      const right = isLong && afterIsLong ? blockSizes[1] : blockSizes[0];
      const blocks = this.#readSpectra(bits, mapping, size / 2).map((spectrum) =>
        this.#transforms[isLong ? 1 : 0].transform(spectrum),
      );
      for (const block of blocks) applyWindow(block, left, right);
      return this.#overlap(blocks, size);
    } catch (error) {
      if (error instanceof OutOfBits) throw new DamagedStream('a packet ends too early');
      throw error;
    }
  }

  #readSpectra(bits: PackedBits, mapping: Mapping, length: number): Float32Array[] {
    const { channels } = this.#setup;
    const floorOf = (channel: number) => pick(mapping.submaps, mapping.submapOf[channel] ?? 0).floor;
    const envelopes = Array.from({ length: channels }, (_, channel) => floorOf(channel).read(bits));
    const isSilent = envelopes.map((envelope) => envelope === undefined);
    for (const { magnitude, angle } of mapping.couplings) {
      if (!isSilent[magnitude] || !isSilent[angle]) [isSilent[magnitude], isSilent[angle]] = [false, false];
    }
    const spectra = envelopes.map(() => new Float32Array(length));
    for (const [submap, { residue }] of mapping.submaps.entries()) {
      const own = (_: unknown, channel: number): boolean => mapping.submapOf[channel] === submap;
      residue.read(bits, spectra.filter(own), isSilent.filter(own));
    }
    for (const { magnitude, angle } of mapping.couplings.toReversed()) {
      uncouple(pick(spectra, magnitude), pick(spectra, angle));
    }
    for (const [channel, spectrum] of spectra.entries()) {
      const envelope = envelopes[channel];
      if (envelope === undefined) spectrum.fill(0);
      else floorOf(channel).apply(envelope, spectrum);
    }
    return spectra;
  }

  /** The end of the block before and the start of this one are centred on the same point, whatever their sizes. */
  #overlap(blocks: readonly Float32Array[], size: number): Float32Array[] {
    const previous = this.#previous;
    this.#previous = blocks.map((block) => block.slice(size / 2));
    if (previous === undefined) return [];
    return blocks.map((block, channel) => {
      const before = previous[channel] ?? new Float32Array(0);
      const output = new Float32Array((2 * before.length + size) / 4);
      const shift = before.length / 2 - size / 4;
      for (let index = 0; index < output.length; index++) {
        output[index] = (before[index] ?? 0) + (index >= shift ? (block[index - shift] ?? 0) : 0);
      }
      return output;
    });
  }
}

/** Square polar coupling (§4.3.5). */
function uncouple(magnitudes: Float32Array, angles: Float32Array): void {
  for (let index = 0; index < magnitudes.length; index++) {
    const [magnitude, angle] = [magnitudes[index] ?? 0, angles[index] ?? 0];
    const other = magnitude > 0 === angle > 0 ? magnitude - angle : magnitude + angle;
    if (angle > 0) {
      angles[index] = other;
    } else {
      angles[index] = magnitude;
      magnitudes[index] = other;
    }
  }
}

/** Slopes of the power-complementary window (§4.3.1) between a flat middle and silence outside. */
function applyWindow(block: Float32Array, left: number, right: number): void {
  const size = block.length;
  const leftStart = size / 4 - left / 4;
  const rightStart = (3 * size) / 4 - right / 4;
  for (let index = 0; index < size; index++) {
    if (index < leftStart + left / 2) {
      block[index] = (block[index] ?? 0) * slope(index - leftStart, left);
    } else if (index >= rightStart) {
      block[index] = (block[index] ?? 0) * slope(rightStart + right / 2 - 1 - index, right);
    }
  }
}

/** Rises from 0 to 1 over half a block; 0 before it. */
function slope(index: number, size: number): number {
  if (index < 0) return 0;
  return Math.sin((Math.PI / 2) * Math.sin((Math.PI * (index + 0.5)) / size) ** 2);
}
