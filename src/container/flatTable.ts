/**
 * A table of FlatBuffers, in which Arrow writes its metadata. Every read is within the bytes, or throws a RangeError.
 * https://flatbuffers.dev/internals/
 */
export class FlatTable {
  readonly #bytes: Buffer;
  readonly #at: number;
  readonly #fields: number;
  readonly #fieldCount: number;

  private constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#fields = at - bytes.readInt32LE(at);
    this.#fieldCount = (bytes.readUInt16LE(this.#fields) - 4) / 2;
  }

  static root(bytes: Buffer): FlatTable {
    return new FlatTable(bytes, bytes.readUInt32LE(0));
  }

  byte(field: number): number {
    const at = this.#placeOf(field);
    return at === undefined ? 0 : this.#bytes.readUInt8(at);
  }

  short(field: number): number {
    const at = this.#placeOf(field);
    return at === undefined ? 0 : this.#bytes.readInt16LE(at);
  }

  int(field: number): number {
    const at = this.#placeOf(field);
    return at === undefined ? 0 : this.#bytes.readInt32LE(at);
  }

  long(field: number): number {
    const at = this.#placeOf(field);
    return at === undefined ? 0 : Number(this.#bytes.readBigInt64LE(at));
  }

  text(field: number): string {
    const at = this.#vectorAt(field, 1);
    return at === undefined ? '' : this.#bytes.toString('utf8', at.begin, at.begin + at.count);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#placeOf(field);
    return at === undefined ? undefined : new FlatTable(this.#bytes, at + this.#bytes.readUInt32LE(at));
  }

  tables(field: number): FlatTable[] {
    const vector = this.#vectorAt(field, 4);
    if (vector === undefined) return [];
    return Array.from({ length: vector.count }, (_, index) => {
      const at = vector.begin + 4 * index;
      return new FlatTable(this.#bytes, at + this.#bytes.readUInt32LE(at));
    });
  }

  /** A vector of pairs of 64-bit numbers. */
  pairs(field: number): (readonly [number, number])[] {
    const vector = this.#vectorAt(field, 16);
    if (vector === undefined) return [];
    return Array.from({ length: vector.count }, (_, index) => {
      const at = vector.begin + 16 * index;
      return [Number(this.#bytes.readBigInt64LE(at)), Number(this.#bytes.readBigInt64LE(at + 8))];
    });
  }

  #placeOf(field: number): number | undefined {
    if (field >= this.#fieldCount) return undefined;
    const offset = this.#bytes.readUInt16LE(this.#fields + 4 + 2 * field);
    return offset === 0 ? undefined : this.#at + offset;
  }

  #vectorAt(field: number, elementBytes: number): { begin: number; count: number } | undefined {
    const at = this.#placeOf(field);
    if (at === undefined) return undefined;
    const begin = at + this.#bytes.readUInt32LE(at) + 4;
    const count = this.#bytes.readUInt32LE(begin - 4);
    if (begin + count * elementBytes > this.#bytes.length)
      throw new RangeError('a vector ends outside of the metadata');
    return { begin, count };
  }
}
