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

  /** A text, some bytes or a message in this one; all of them, one after the other, where the field repeats. */
  bytes(field: number, ...values: readonly (string | Uint8Array | Message)[]): this {
    for (const value of values) {
      const written = typeof value === 'string' ? Buffer.from(value) : value instanceof Message ? value.end() : value;
      this.#parts.push(varint((field << 3) | 2), varint(written.length), written);
    }
    return this;
  }

  end(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

/** Seven bits a byte, the lowest first; of a negative number all 64 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  return Uint8Array.of(...bytes, Number(left));
}
