import { gunzipSync } from 'node:zlib';
import { type ColumnMetaData, type PageHeader, parquetSchema } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import {
  decompressBrotli,
  decompressLz4,
  decompressLz4Raw,
  decompressSnappy,
  decompressZstd,
} from 'hyparquet-compressors';
import { NotRead } from './containerError.ts';
import type { ParquetTable } from './parquet.ts';
import { toPlain } from './parquetEncodings.ts';
import { type Levels, readLevels, readNumbers } from './parquetLevels.ts';
import type { RegularFile } from './source.ts';

/*
 * Pages of a Parquet column: https://parquet.apache.org/docs/file-format/data-pages/. The decoder is our own, because a
 * damaged page must end in an error: hyparquet follows run lengths out of the page, up to the end of the process.
 */

/** A page: values that are compressed as one. */
export interface Page {
  readonly header: PageHeader;
  /** Place of what follows the header, and how many bytes, in the file. */
  readonly begin: number;
  readonly length: number;
  /** How many levels there are: values, NULLs and empty lists. */
  readonly count: number;
}

/** The pages of one column in one row group. */
export interface Pages {
  readonly column: ColumnMetaData;
  readonly levels: Levels;
  /** The values that the data pages refer to by number. */
  readonly dictionary: Page | undefined;
  readonly data: readonly Page[];
}

/** What a data page holds. */
export interface PageValues {
  /** Of each place: at which of its lists' levels it continues; empty for a column outside of lists. */
  readonly repetitions: Uint32Array;
  /** Of each place: how much of its path is there; a value where it is all. Empty when nothing can be NULL. */
  readonly definitions: Uint32Array;
  /** The stored values: one after the other in the encoding `PLAIN`, or numbers in `dictionary`. */
  readonly bytes: Buffer;
  readonly numbers: Uint32Array | undefined;
}

/** No page header is longer, except for the statistics of very long values. */
const HEADER_BYTES = 4096;
const LONG_HEADER_BYTES = 1024 * 1024;
/** Larger pages are not decompressed. */
const MAX_PAGE = 1024 * 1024 * 1024;
const MAX_PLACES = 64 * 1024 * 1024;

/** Finds the pages of a column chunk by going from header to header; the pages themselves are skipped. */
export function findPages(file: RegularFile, table: ParquetTable, column: ColumnMetaData): Pages {
  const begin = Number(column.dictionary_page_offset || column.data_page_offset);
  const end = begin + Number(column.total_compressed_size);
  const data: Page[] = [];
  let dictionary: Page | undefined;
  let places = 0;
  for (let at = begin; at < end && places < Number(column.num_values); ) {
    const page = readPageHeader(file, at, end);
    if (page.header.type === 'DICTIONARY_PAGE') dictionary = page;
    else if (page.count > 0) data.push(page);
    places += page.header.type === 'DICTIONARY_PAGE' ? 0 : page.count;
    at = page.begin + page.length;
  }
  return { column, levels: levelsOf(table, column), dictionary, data };
}

function readPageHeader(file: RegularFile, at: number, end: number): Page {
  const { header, length: headerLength } = parseLong(file, at);
  const { compressed_page_size: length, uncompressed_page_size: inflated } = header;
  const begin = at + headerLength;
  const count =
    header.data_page_header?.num_values ??
    header.data_page_header_v2?.num_values ??
    header.dictionary_page_header?.num_values ??
    0;
  const isSensible = length >= 0 && inflated >= 0 && inflated <= MAX_PAGE && begin + length <= end;
  if (!isSensible || !(count >= 0 && count <= MAX_PLACES)) throw new Error(`there is no page at byte ${at}`);
  return { header, begin, length, count };
}

function parseLong(file: RegularFile, at: number): { header: PageHeader; length: number } {
  try {
    return parse(file.readNow(at, HEADER_BYTES));
  } catch {
    return parse(file.readNow(at, LONG_HEADER_BYTES));
  }
}

function parse(bytes: Buffer): { header: PageHeader; length: number } {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  return { header: parquetHeader(reader), length: reader.offset };
}

function levelsOf({ metadata }: ParquetTable, { path_in_schema: path }: ColumnMetaData): Levels {
  const kinds = getTreePath(parquetSchema(metadata), path).slice(1);
  return {
    definition: kinds.filter(({ element }) => element.repetition_type !== 'REQUIRED').length,
    repetition: kinds.filter(({ element }) => element.repetition_type === 'REPEATED').length,
  };
}

/** Reads and decompresses a data page. */
export function readPage(file: RegularFile, { column, levels, dictionary }: Pages, page: Page): PageValues {
  const second = page.header.data_page_header_v2;
  const encoding = second?.encoding ?? page.header.data_page_header?.encoding;
  const stored = file.readNow(page.begin, page.length);
  // Version 2 leaves the levels, which come first, uncompressed.
  const levelBytes = second ? second.repetition_levels_byte_length + second.definition_levels_byte_length : 0;
  if (!(levelBytes >= 0 && levelBytes <= stored.length)) throw new Error(`the page at byte ${page.begin} is too short`);
  const size = page.header.uncompressed_page_size - levelBytes;
  const packed = stored.subarray(levelBytes);
  const inflated = second?.is_compressed === false ? packed : inflate(packed, column.codec, size);
  const bytes = second ? Buffer.concat([stored.subarray(0, levelBytes), inflated]) : inflated;
  const { repetitions, definitions, rest } = readLevels(bytes, levels, page.count, second);
  const present = definitions.length === 0 ? page.count : countOf(definitions, levels.definition);
  if (encoding !== 'RLE_DICTIONARY' && encoding !== 'PLAIN_DICTIONARY') {
    return { repetitions, definitions, bytes: toPlain(rest, encoding, column.type, present), numbers: undefined };
  }
  if (dictionary === undefined) throw new Error('a page refers to a dictionary that is not there');
  const words = inflate(
    file.readNow(dictionary.begin, dictionary.length),
    column.codec,
    dictionary.header.uncompressed_page_size,
  );
  const numbers = present === 0 ? new Uint32Array() : readNumbers(rest.subarray(1), rest[0] ?? 0, present);
  return { repetitions, definitions, bytes: words, numbers };
}

export function countOf(levels: Uint32Array, wanted: number): number {
  let count = 0;
  for (const level of levels) if (level === wanted) count++;
  return count;
}

function inflate(packed: Buffer, codec: string, size: number): Buffer {
  const bytes = asBuffer(decompress(packed, codec, size));
  if (bytes.length === size) return bytes;
  throw new Error(`a page has ${bytes.length} bytes, but says ${size}`);
}

function decompress(packed: Buffer, codec: string, size: number): Uint8Array {
  if (size === 0) return Buffer.alloc(0);
  switch (codec) {
    case 'UNCOMPRESSED':
      return packed;
    case 'SNAPPY':
      return decompressSnappy(packed, size);
    case 'GZIP':
      return gunzipSync(packed, { maxOutputLength: size });
    case 'ZSTD':
      return decompressZstd(packed, new Uint8Array(size));
    case 'LZ4':
      return decompressLz4(packed, size);
    case 'LZ4_RAW':
      return decompressLz4Raw(packed, size);
    case 'BROTLI':
      return decompressBrotli(packed, size);
    default:
      throw new NotRead(`its pages are compressed by ${codec}`);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
