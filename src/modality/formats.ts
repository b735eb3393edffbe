import { extname } from 'node:path';
import { Modality } from '../protocol.ts';

/** A media format that PairLab knows, if only by name. */
export interface Format {
  /** What `Header.format` says. */
  readonly name: string;
  /** What a sentence says. */
  readonly title: string;
  readonly modality: Modality;
  /** Extensions of file names that promise it, in lower case and without a dot. */
  readonly extensions: readonly string[];
  readonly readable: boolean;
}

type Row = readonly [name: string, title: string, extensions: string];

const READABLE: Readonly<Record<Modality, readonly Row[]>> = {
  image: [
    ['png', 'PNG', 'png apng'],
    ['jpeg', 'JPEG', 'jpg jpeg jpe jfif'],
    ['webp', 'WebP', 'webp'],
    ['gif', 'GIF', 'gif'],
    ['bmp', 'BMP', 'bmp dib'],
    ['tiff', 'TIFF', 'tif tiff'],
    ['avif', 'AVIF', 'avif'],
  ],
  audio: [
    ['wav', 'WAV', 'wav wave'],
    ['flac', 'FLAC', 'flac'],
    ['mp3', 'MP3', 'mp3'],
    ['vorbis', 'Ogg Vorbis', 'ogg oga'],
    ['opus', 'Ogg Opus', 'opus ogg oga'],
  ],
  text: [['text', 'text', 'txt text caption captions transcript lab']],
};

const UNREADABLE: Readonly<Record<Modality, readonly Row[]>> = {
  image: [
    ['heic', 'HEIC', 'heic heif hif'],
    ['svg', 'SVG', 'svg svgz'],
    ['jp2', 'JPEG 2000', 'jp2 j2k jpf jpx'],
    ['jxl', 'JPEG XL', 'jxl'],
    ['ico', 'ICO', 'ico cur'],
    ['psd', 'Photoshop', 'psd psb'],
    ['tga', 'TGA', 'tga'],
    ['pnm', 'PNM', 'ppm pgm pbm pnm pam pfm'],
    ['exr', 'OpenEXR', 'exr'],
    ['hdr', 'Radiance HDR', 'hdr'],
    ['dds', 'DDS', 'dds'],
    ['pcx', 'PCX', 'pcx'],
    ['icns', 'ICNS', 'icns'],
    ['raw', 'camera raw', 'dng cr2 cr3 nef arw orf rw2 raf'],
  ],
  audio: [
    ['m4a', 'MPEG-4 audio', 'm4a m4b'],
    ['aac', 'AAC', 'aac'],
    ['aiff', 'AIFF', 'aif aiff aifc'],
    ['au', 'AU', 'au snd'],
    ['caf', 'CAF', 'caf'],
    ['wma', 'WMA', 'wma'],
    ['amr', 'AMR', 'amr'],
    ['w64', 'Wave64', 'w64'],
    ['oggflac', 'Ogg FLAC', 'ogg oga'],
    ['speex', 'Ogg Speex', 'spx ogg'],
    ['mp2', 'MPEG layer I or II', 'mp2 mp1 mpa'],
    ['wavpack', 'WavPack', 'wv'],
    ['ape', "Monkey's Audio", 'ape'],
    ['ac3', 'AC-3', 'ac3'],
    ['midi', 'MIDI', 'mid midi'],
    ['matroska', 'Matroska or WebM', ''],
    ['mp4', 'MPEG-4', ''],
  ],
  text: [],
};

/** Of the formats that share an extension, the first one is what a name promises. */
const FORMATS: readonly Format[] = Modality.options.flatMap((modality) => [
  ...READABLE[modality].map((row) => toFormat(row, modality, true)),
  ...UNREADABLE[modality].map((row) => toFormat(row, modality, false)),
]);

const BY_NAME: ReadonlyMap<string, Format> = new Map(FORMATS.map((format) => [format.name, format]));
const BY_EXTENSION: ReadonlyMap<string, Format> = new Map(
  FORMATS.toReversed().flatMap((format) => format.extensions.map((extension) => [extension, format])),
);

function toFormat([name, title, extensions]: Row, modality: Modality, readable: boolean): Format {
  return { name, title, modality, extensions: extensions.split(' ').filter(Boolean), readable };
}

/** The format of that name, as `Header.format` and `sniff` say it. */
export function formatNamed(name: string): Format | undefined {
  return BY_NAME.get(name);
}

/** The format that a file name promises, by its last extension in any case; `undefined` for anything else. */
export function promisedFormat(name: string): Format | undefined {
  return BY_EXTENSION.get(extname(name).slice(1).toLowerCase());
}

/**
 * False when a file name promises another format than `format`, the truth that `Header.format` tells. A name without an
 * extension, or with one that promises nothing, cannot lie.
 */
export function extensionFits(name: string, format: string): boolean {
  const extension = extname(name).slice(1).toLowerCase();
  if (!BY_EXTENSION.has(extension)) return true;
  return formatNamed(format)?.extensions.includes(extension) ?? false;
}
