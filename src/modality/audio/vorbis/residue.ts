import { OutOfBits } from '../bitReader.ts';
import type { PackedBits } from './bits.ts';
import type { Codebook } from './codebook.ts';
import { DamagedStream, pick } from './damage.ts';

const PASSES = 8;

/** What is left of the spectra when the envelope is divided out (Vorbis I, §8). */
export class Residue {
  readonly #type: number;
  readonly #begin: number;
  readonly #end: number;
  readonly #partitionSize: number;
  readonly #classifications: number;
  readonly #classBook: Codebook;
  /** For each class and pass, the book of the vectors. */
  readonly #books: readonly (readonly (Codebook | undefined)[])[];

  constructor(bits: PackedBits, books: readonly Codebook[]) {
    this.#type = bits.read(16);
    if (this.#type > 2) throw new DamagedStream('a residue is of no known type');
    [this.#begin, this.#end] = [bits.read(24), bits.read(24)];
    this.#partitionSize = bits.read(24) + 1;
    this.#classifications = bits.read(6) + 1;
    this.#classBook = pick(books, bits.read(8));
    const cascades = Array.from({ length: this.#classifications }, () => {
      const low = bits.read(3);
      return bits.flag() ? bits.read(5) * 8 + low : low;
    });
    this.#books = cascades.map((cascade) =>
      Array.from({ length: PASSES }, (_, pass) => ((cascade >> pass) & 1 ? readBook(bits, books) : undefined)),
    );
  }

  /** Fills the spectra, which hold zeros, of the channels that are not silent. A packet may end early. */
  read(bits: PackedBits, spectra: readonly Float32Array[], isSilent: readonly boolean[]): void {
    try {
      if (this.#type === 2) {
        if (!isSilent.includes(false)) return;
        const joined = new Float32Array(spectra.length * (spectra[0]?.length ?? 0));
        try {
          this.#readVectors(bits, [joined]);
        } finally {
          deinterleave(joined, spectra);
        }
      } else {
        this.#readVectors(
          bits,
          spectra.filter((_, channel) => isSilent[channel] === false),
        );
      }
    } catch (error) {
      if (!(error instanceof OutOfBits)) throw error;
    }
  }

  #readVectors(bits: PackedBits, vectors: readonly Float32Array[]): void {
    const length = vectors[0]?.length ?? 0;
    const begin = Math.min(this.#begin, length);
    const partitions = Math.floor((Math.min(this.#end, length) - begin) / this.#partitionSize);
    const perWord = this.#classBook.dimensions;
    const classes = vectors.map(() => new Uint8Array(Math.max(0, partitions) + perWord));
    for (let pass = 0; pass < PASSES; pass++) {
      for (let first = 0; first < partitions; first += perWord) {
        if (pass === 0) for (const own of classes) this.#readClasses(bits, own, first);
        for (let partition = first; partition < Math.min(partitions, first + perWord); partition++) {
          for (const [index, vector] of vectors.entries()) {
            const book = this.#books[classes[index]?.[partition] ?? 0]?.[pass];
            if (book !== undefined) this.#addPartition(bits, book, vector, begin + partition * this.#partitionSize);
          }
        }
      }
    }
  }

  /** One codeword holds the classes of several partitions, as the digits of a number. */
  #readClasses(bits: PackedBits, classes: Uint8Array, first: number): void {
    let digits = this.#classBook.readEntry(bits);
    for (let index = this.#classBook.dimensions - 1; index >= 0; index--) {
      classes[first + index] = digits % this.#classifications;
      digits = Math.floor(digits / this.#classifications);
    }
  }

  /** Type 0 spreads the numbers of a vector over the partition; the other types put them side by side. */
  #addPartition(bits: PackedBits, book: Codebook, vector: Float32Array, offset: number): void {
    const { dimensions, vectors } = book;
    const count = Math.floor(this.#partitionSize / dimensions);
    for (let index = 0; index < count; index++) {
      const entry = book.readEntry(bits) * dimensions;
      for (let dimension = 0; dimension < dimensions; dimension++) {
        const at = offset + (this.#type === 0 ? index + dimension * count : index * dimensions + dimension);
        vector[at] = (vector[at] ?? 0) + (vectors[entry + dimension] ?? 0);
      }
    }
  }
}

function readBook(bits: PackedBits, books: readonly Codebook[]): Codebook {
  const book = pick(books, bits.read(8));
  if (book.vectors.length === 0) throw new DamagedStream('a residue has a book without vectors');
  return book;
}

function deinterleave(joined: Float32Array, spectra: readonly Float32Array[]): void {
  for (const [channel, spectrum] of spectra.entries()) {
    for (let index = 0; index < spectrum.length; index++)
      spectrum[index] = joined[index * spectra.length + channel] ?? 0;
  }
}
