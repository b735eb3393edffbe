import { tagBytes } from './audio/id3.ts';

/**
 * The format that the first bytes of a file show, by the signatures of the formats' specifications; `undefined` when
 * they show none. A name in {@link formatNamed}'s table.
 */
export function sniff(head: Buffer): string | undefined {
  return sniffImage(head) ?? sniffAudio(head) ?? sniffBoxes(head);
}

function sniffImage(head: Buffer): string | undefined {
  switch (head[0]) {
    case 0x89:
      return starts(head, '\x89PNG\r\n\x1a\n') ? 'png' : undefined;
    case 0xff:
      if (head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
      if (head[1] === 0x0a) return 'jxl';
      return starts(head, '\xff\x4f\xff\x51') ? 'jp2' : undefined;
    case 0x47:
      return starts(head, 'GIF87a') || starts(head, 'GIF89a') ? 'gif' : undefined;
    case 0x42:
      return isBmp(head) ? 'bmp' : undefined;
    case 0x52:
      return starts(head, 'RIFF') && starts(head, 'WEBP', 8) ? 'webp' : undefined;
    case 0x49:
    case 0x4d:
      return sniffTiff(head);
    default:
      return OTHER_IMAGES.find(([signature]) => starts(head, signature))?.[1];
  }
}

const OTHER_IMAGES: readonly (readonly [signature: string, name: string])[] = [
  ['8BPS', 'psd'],
  ['\x00\x00\x01\x00', 'ico'],
  ['\x76\x2f\x31\x01', 'exr'],
  ['#?RADIANCE', 'hdr'],
  ['DDS ', 'dds'],
  ['icns', 'icns'],
  ['FUJIFILMCCD-RAW', 'raw'],
];

/** "BM" alone is also how a text may begin: the size of the second header must be one that exists. */
function isBmp(head: Buffer): boolean {
  return starts(head, 'BM') && head.length >= 18 && [12, 16, 40, 52, 56, 64, 108, 124].includes(head.readUInt32LE(14));
}

function sniffTiff(head: Buffer): string | undefined {
  if (starts(head, 'II\x2a\x00\x10\x00\x00\x00CR') || starts(head, 'IIRO') || starts(head, 'IIU\x00')) return 'raw';
  const signatures = ['II\x2a\x00', 'MM\x00\x2a', 'II\x2b\x00', 'MM\x00\x2b'];
  return signatures.some((signature) => starts(head, signature)) ? 'tiff' : undefined;
}

const AUDIO: readonly (readonly [signature: string, name: string])[] = [
  ['fLaC', 'flac'],
  ['.snd', 'au'],
  ['caff', 'caf'],
  ['#!AMR', 'amr'],
  ['riff\x2e\x91\xcf\x11', 'w64'],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'wma'],
  ['\x1a\x45\xdf\xa3', 'matroska'],
  ['wvpk', 'wavpack'],
  ['MAC ', 'ape'],
  ['\x0b\x77', 'ac3'],
  ['MThd', 'midi'],
];

function sniffAudio(head: Buffer): string | undefined {
  if (/^(RIFF|RIFX|RF64|BW64)$/.test(head.toString('latin1', 0, 4)) && starts(head, 'WAVE', 8)) return 'wav';
  if (starts(head, 'FORM') && (starts(head, 'AIFF', 8) || starts(head, 'AIFC', 8))) return 'aiff';
  if (starts(head, 'OggS')) return sniffOgg(head);
  if (starts(head, 'ID3')) return starts(head, 'fLaC', tagBytes(head, 0)) ? 'flac' : 'mp3';
  if (head[0] === 0xff) return sniffMpeg(head[1] ?? 0);
  return AUDIO.find(([signature]) => starts(head, signature))?.[1];
}

/** The packet that opens the first page says which codec it is (RFC 3533 §6; RFC 7845 §5.1; Vorbis I §4.2.1). */
function sniffOgg(head: Buffer): string {
  const packet = 27 + (head[26] ?? 0);
  if (starts(head, 'OpusHead', packet)) return 'opus';
  if (starts(head, '\x7fFLAC', packet)) return 'oggflac';
  return starts(head, 'Speex   ', packet) ? 'speex' : 'vorbis';
}

/** Eleven bits of synchronisation, two of version, two of layer (ISO/IEC 11172-3 §2.4.1.3; ADTS: 13818-7 §6.2). */
function sniffMpeg(second: number): string | undefined {
  if ((second & 0xf6) === 0xf0) return 'aac';
  if ((second & 0xe6) === 0xe2) return 'mp3';
  return (second & 0xe6) === 0xe4 ? 'mp2' : undefined;
}

/** Files of the ISO base media kind say what they are in the brand of their first box (ISO/IEC 14496-12 §4.3). */
function sniffBoxes(head: Buffer): string | undefined {
  if (starts(head, 'JXL ', 4)) return 'jxl';
  if (starts(head, 'jP  ', 4)) return 'jp2';
  if (!starts(head, 'ftyp', 4)) return undefined;
  const brands = head.toString('latin1', 8, Math.min(head.length, Math.max(12, head.readUInt32BE(0)), 128));
  if (/avif|avis/.test(brands)) return 'avif';
  if (/heic|heix|hevc|mif1|msf1/.test(brands)) return 'heic';
  if (brands.startsWith('crx ')) return 'raw';
  return /^M4[AB] /.test(brands) ? 'm4a' : 'mp4';
}

function starts(head: Buffer, signature: string, offset = 0): boolean {
  if (head.length < offset + signature.length) return false;
  for (let index = 0; index < signature.length; index++) {
    if (head[offset + index] !== signature.charCodeAt(index)) return false;
  }
  return true;
}
