import { extname } from 'node:path';
import { throwIfCancelled } from '../../base/errors.ts';
import { openLocation, readWhole } from '../../container/location.ts';
import { decodeText } from '../../modality/text.ts';
import type { ExportItem } from './export.ts';

const PIECE_BYTES = 4 * 1024 * 1024;
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** True when the item is a whole file, or a segment of the sound in one. */
export function isFile({ location }: ExportItem): boolean {
  return location.member === undefined && location.begin === undefined && location.row === undefined;
}

/** True for a part of a longer sound. */
export function isSegment({ location }: ExportItem): boolean {
  return location.start !== undefined || location.end !== undefined;
}

/** The extension of an item's media in lower case, with its dot: that of its name, else the format that its header tells. */
export function extensionOf({ location, format }: ExportItem): string {
  const named = location.row === undefined ? extname(location.member ?? location.path) : '';
  return named === '' && format !== undefined ? `.${format}` : named.toLowerCase();
}

/** The bytes of an item, a few megabytes at a time. */
export interface Media {
  readonly size: number;
  pieces(): AsyncGenerator<Buffer>;
  close(): void;
}

/** Throws {@link ContainerError} when the bytes are not where they were at indexing. */
export async function openMedia({ location }: ExportItem, signal?: AbortSignal): Promise<Media> {
  const source = await openLocation(location);
  return {
    size: source.size,
    pieces: async function* () {
      for (let from = 0; from < source.size; from += PIECE_BYTES) {
        throwIfCancelled(signal);
        yield await source.read(from, Math.min(PIECE_BYTES, source.size - from));
      }
    },
    close: () => source.close(),
  };
}

/** The text of a text item. Throws {@link ContainerError} or a {@link MediaError} when it is not what was indexed. */
export async function textOf({ id, location, text }: ExportItem): Promise<string> {
  return text ?? decodeText(await readWhole(location, MAX_TEXT_BYTES), id);
}
