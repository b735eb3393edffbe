import { createHash, hash } from 'node:crypto';
import { isGzip } from '../container/gzipTar.ts';
import { type Location, nameOf, openLocation } from '../container/location.ts';
import { RegularFile, readShortFile, type Source, sliceOf } from '../container/source.ts';
import type { Excerpt } from '../modality/excerpt.ts';
import { readHeader } from '../modality/header.ts';
import type { Header } from '../modality/modality.ts';
import type { Modality } from '../protocol.ts';
import { type Content, faultOf, type Reading, WHOLE_BYTES } from './contents.ts';

/** Of a large item, these are read at its start and at its end. */
const END_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;

const NOTHING: Content = { bytes: 0, header: {} };
const NO_BYTES = Buffer.alloc(0);

/**
 * Reads the headers of items, one after the other. A tar archive stays open until an item of another file comes, so that
 * the members of a shard cost one opening.
 */
export class HeaderReader {
  #archive: RegularFile | undefined;
  readonly #alive: () => void;
  readonly #short = Buffer.alloc(END_BYTES);

  /** @param alive called again and again while a large item is hashed */
  constructor(alive: () => void) {
    this.#alive = alive;
  }

  /** What {@link read} gives, at once; `undefined` when the item is no short file. */
  readShort({ modality, location }: Reading): Content | undefined {
    const { path, begin, member, row } = location;
    if (begin !== undefined || member !== undefined || row !== undefined) return undefined;
    const head = readShortFile(path, this.#short);
    if (head === undefined) return undefined;
    const excerpt = { name: nameOf(location), size: head.length, head, tail: NO_BYTES };
    const content = identify(excerpt);
    try {
      const reading = readHeader(modality, excerpt);
      return 'header' in reading ? { ...content, header: reading.header } : undefined;
    } catch (error) {
      return { ...content, ...faultOf(error) };
    }
  }

  /** Never throws because of what the item holds. */
  async read({ modality, location, whole = false }: Reading): Promise<Content> {
    let content: Content = NOTHING;
    try {
      const source = await this.#open(location);
      try {
        content = { bytes: source.size, header: {} };
        const excerpt = await readExcerpt(source, nameOf(location));
        content = identify(excerpt);
        if (whole && content.sha256 === undefined) content = { ...content, sha256: await this.#hash(source) };
        return { ...content, header: await readHeaderOf(modality, excerpt, source) };
      } finally {
        source.close();
      }
    } catch (error) {
      return { ...content, ...faultOf(error) };
    }
  }

  close(): void {
    this.#archive?.close();
    this.#archive = undefined;
  }

  /** Members of a tar archive are read from the archive that is open. */
  async #open(location: Location): Promise<Source> {
    const { path, begin, length } = location;
    if (begin === undefined || length === undefined || isGzip(path)) return await openLocation(location);
    if (this.#archive?.path !== path) {
      this.close();
      this.#archive = new RegularFile(path);
    }
    return sliceOf(this.#archive, begin, length);
  }

  async #hash(source: Source): Promise<string> {
    const sha256 = createHash('sha256');
    for (let from = 0; from < source.size; from += CHUNK_BYTES) {
      sha256.update(await source.read(from, CHUNK_BYTES));
      this.#alive();
    }
    return sha256.digest('hex');
  }
}

/** All of a small item; the first and the last bytes of a large one. */
async function readExcerpt(source: Source, name: string): Promise<Excerpt> {
  const { size } = source;
  if (size <= WHOLE_BYTES) return { name, size, head: await source.read(0, size), tail: NO_BYTES };
  const head = await source.read(0, END_BYTES);
  return { name, size, head, tail: await source.read(size - END_BYTES, END_BYTES) };
}

/** What tells the bytes from others. */
function identify({ size, head, tail }: Excerpt): Content {
  if (size <= WHOLE_BYTES) return { bytes: size, sha256: hash('sha256', head), header: {} };
  const fingerprint = createHash('sha256').update(`${size}\n`).update(head).update(tail).digest('hex');
  return { bytes: size, fingerprint, header: {} };
}

/** Reads more of the item as long as its header wants more. */
async function readHeaderOf(modality: Modality, excerpt: Excerpt, source: Source): Promise<Header> {
  const reading = readHeader(modality, excerpt);
  if ('header' in reading) return reading.header;
  const { head, tail } = reading.wants;
  const longer = { head: await source.read(0, head), tail: await source.read(source.size - tail, tail) };
  return await readHeaderOf(modality, { ...excerpt, ...longer }, source);
}
