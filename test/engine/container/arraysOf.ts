/** A .npy file of version 1.0 in C order. */
export function npyOf(descr: string, shape: readonly number[], numbers: Uint8Array): Buffer {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const type = descr.startsWith('[') ? descr : `'${descr}'`;
  const dictionary = `{'descr': ${type}, 'fortran_order': False, 'shape': (${sizes}), }`.padEnd(117);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${dictionary}\n`), numbers]);
}

/** The rows of a matrix as float32, little-endian. */
export function floats(rows: readonly (readonly number[])[]): Buffer {
  return Buffer.from(Float32Array.from(rows.flat()).buffer);
}

/** A .npy file of float32 rows. */
export function npyRows(rows: readonly (readonly number[])[]): Buffer {
  return npyOf('<f4', [rows.length, rows[0]?.length ?? 0], floats(rows));
}

/** A .safetensors file with this header over these bytes. */
export function safetensorsOf(header: unknown, numbers: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, numbers]);
}
