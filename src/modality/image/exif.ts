const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/**
 * True when the Orientation of EXIF data (a TIFF header and its first directory; CIPA DC-008 §4.6.5) says that the
 * picture is shown with width and height exchanged: the values 5 to 8. What is damaged says nothing.
 */
export function isTransposed(exif: Buffer): boolean {
  const order = exif.toString('latin1', 0, 2);
  if (exif.length < 8 || (order !== 'II' && order !== 'MM')) return false;
  const short = order === 'II' ? (at: number) => exif.readUInt16LE(at) : (at: number) => exif.readUInt16BE(at);
  const directory = order === 'II' ? exif.readUInt32LE(4) : exif.readUInt32BE(4);
  if (directory + 2 > exif.length) return false;
  const entries = short(directory);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * ENTRY_BYTES;
    if (at + ENTRY_BYTES > exif.length) return false;
    if (short(at) === ORIENTATION && short(at + 2) === SHORT) return short(at + 8) >= 5 && short(at + 8) <= 8;
  }
  return false;
}
