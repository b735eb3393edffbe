import { extname } from 'node:path';
import { InputError } from '../base/errors.ts';
import { Modality, type ProblemKind } from '../protocol.ts';

/** What the header of an item tells. Pixels, hertz, seconds, UTF-16 code units. */
export interface Header {
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly seconds?: number;
  readonly characters?: number;
}

type MediaProblemKind = Extract<
  ProblemKind,
  'unreadable-media' | 'empty-item' | 'too-large' | 'unsupported-format' | 'missing-file'
>;

/** A media file that cannot be used. The kind becomes the kind of the problem at indexing. */
export class MediaError extends InputError {
  readonly problem: MediaProblemKind;

  constructor(problem: MediaProblemKind, sentence: string, cause?: unknown) {
    super(sentence, cause);
    this.problem = problem;
  }
}

const EXTENSIONS: Readonly<Record<Modality, { readable: readonly string[]; known: readonly string[] }>> = {
  image: {
    readable: ['png', 'jpg', 'jpeg', 'jpe', 'jfif', 'webp', 'gif', 'tif', 'tiff', 'avif', 'svg'],
    known: ['bmp', 'heic', 'heif', 'jp2', 'j2k', 'jxl', 'ico', 'psd', 'tga', 'ppm', 'pgm', 'pbm', 'pnm', 'exr', 'dng'],
  },
  audio: {
    readable: ['wav', 'wave'],
    known: ['mp3', 'flac', 'ogg', 'oga', 'opus', 'm4a', 'aac', 'aif', 'aiff', 'aifc', 'au', 'caf', 'wma', 'amr', 'w64'],
  },
  text: { readable: ['txt', 'text', 'caption', 'captions', 'transcript', 'lab'], known: [] },
};

interface MediaType {
  readonly modality: Modality;
  /** False for a media format that PairLab knows by name but cannot decode. */
  readonly readable: boolean;
}

const MEDIA_TYPES: ReadonlyMap<string, MediaType> = new Map(
  Modality.options.flatMap((modality) => {
    const { readable, known } = EXTENSIONS[modality];
    return [...readable, ...known].map((extension): [string, MediaType] => [
      extension,
      { modality, readable: readable.includes(extension) },
    ]);
  }),
);

/** The media type that a file name promises, by its last extension in any case; `undefined` for anything else. */
export function mediaTypeOf(path: string): MediaType | undefined {
  return MEDIA_TYPES.get(extname(path).slice(1).toLowerCase());
}
