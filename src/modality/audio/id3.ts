const HEADER_BYTES = 10;
const FOOTER_FLAG = 0x10;

/** Bytes of an ID3v2 tag that begins at `position`, with its header (ID3v2.4.0, §3.1); 0 when there is none. */
export function tagBytes(bytes: Buffer, position: number): number {
  if (position + HEADER_BYTES > bytes.length || bytes.toString('latin1', position, position + 3) !== 'ID3') return 0;
  let length = 0;
  for (let index = position + 6; index < position + HEADER_BYTES; index++) {
    length = (length << 7) | ((bytes[index] ?? 0) & 0x7f);
  }
  const footer = (bytes[position + 5] ?? 0) & FOOTER_FLAG ? HEADER_BYTES : 0;
  return HEADER_BYTES + length + footer;
}
