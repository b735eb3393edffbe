/** A message of Protocol Buffers that is being written: its fields by their numbers, in any order. */
export class Message {
  readonly #parts: Uint8Array[] = [];

  /** An integer of up to 64 bits, a truth value or a constant of an enumeration. */
  whole(field: number, value: number | boolean): this {
    this.#parts.push(varint(field << 3), varint(Number(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#parts.push(varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  /** A text, some bytes or a message in this one. */
  bytes(field: number, value: string | Uint8Array | Message): this {
    const written = typeof value === 'string' ? Buffer.from(value) : value instanceof Message ? value.end() : value;
    this.#parts.push(varint((field << 3) | 2), varint(written.length), written);
    return this;
  }

  /** A field that repeats. */
  each(field: number, values: readonly (string | Message)[]): this {
    for (const value of values) this.bytes(field, value);
    return this;
  }

  end(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

/** Seven bits a byte, the lowest first; of a negative number all 64 bits. */
function varint(value: number): Uint8Array {
  // Nearly all of them are small.
  if (value >= 0 && value < 128) return Uint8Array.of(value);
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  return Uint8Array.of(...bytes, Number(left));
}
