import { mkdirSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

/** The same bytes for the same seed (mulberry32). */
export function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) & 0xff;
  };
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function checksum(bytes) {
  let value = -1;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}

function chunk(type, data) {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(checksum(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** A grey PNG of 28 × 28 pixels, as large as one of a handwritten digit. */
export function digitPng(next) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(28, 0);
  header.writeUInt32BE(28, 4);
  header[8] = 8;
  const rows = Buffer.alloc(28 * 29);
  for (let y = 6; y < 22; y++) for (let x = 8; x < 20; x++) rows[y * 29 + 1 + x] = next() & 0xf0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A picture and a caption file for each pair, in 100 folders, and the dataset file that pairs them by stem. */
export function writePairs(folder, count) {
  const next = numbers(1);
  for (let place = 0; place < 100; place++) mkdirSync(`${folder}/train/c${place}`, { recursive: true });
  for (let pair = 0; pair < count; pair++) {
    const stem = `${folder}/train/c${pair % 100}/${pair}`;
    writeFileSync(`${stem}.png`, digitPng(next));
    writeFileSync(`${stem}.txt`, `picture ${pair} of a digit, the class is ${pair % 100}`);
  }
  writeFileSync(
    `${folder}/pairlab.yaml`,
    `name: bench
pairing:
  layout: stem
  items: { image: "{split}/{class}/{stem}", text: "{split}/{class}/{stem}" }
  strength: strong
`,
  );
}
