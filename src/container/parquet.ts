import { type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet';
import { ContainerError, decoding } from './containerError.ts';
import { RegularFile } from './source.ts';

/** A Parquet file whose footer was read. */
export interface ParquetTable {
  readonly path: string;
  /** When the file was last changed, in milliseconds since 1970. */
  readonly changed: number;
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  /** Key-value pairs of the footer, such as `huggingface`. */
  readonly notes: ReadonlyMap<string, string>;
  readonly metadata: FileMetaData;
}

export interface ParquetColumn {
  readonly name: string;
  readonly kind: 'bytes' | 'text' | 'number' | 'struct' | 'list' | 'other';
  /** The fields of a struct; the elements of a list. */
  readonly fields: readonly ParquetColumn[];
}

const MAGIC = 'PAR1';
/** Larger footers are not read into memory. */
const MAX_FOOTER = 64 * 1024 * 1024;
const NUMBERS = ['INT32', 'INT64', 'FLOAT', 'DOUBLE'];

/** True for the names of Parquet files. */
export function isParquet(path: string): boolean {
  return /\.(parquet|pq)$/i.test(path);
}

/** DuckDB takes a path for a pattern; in brackets these characters stand for themselves. */
export function withoutGlobs(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** Reads the footer of a Parquet file, none of its rows. Throws {@link ContainerError}. */
export async function openParquet(path: string): Promise<ParquetTable> {
  const file = new RegularFile(path);
  try {
    checkEnds(file);
    return await decoding(path, async () => {
      const metadata = await parquetMetadataAsync(bufferOf(file), { geoparquet: false });
      return {
        path,
        changed: file.changed,
        rows: metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0),
        columns: parquetSchema(metadata).children.map(columnOf),
        notes: new Map((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ''])),
        metadata,
      };
    });
  } finally {
    file.close();
  }
}

/** What hyparquet reads through. */
export function bufferOf(file: RegularFile): { byteLength: number; slice(start: number, end?: number): ArrayBuffer } {
  return {
    byteLength: file.size,
    slice: (start, end = file.size) => new Uint8Array(file.readNow(start, end - start)).buffer,
  };
}

/** A Parquet file begins with "PAR1" and ends with the footer, its length and "PAR1". */
function checkEnds(file: RegularFile): void {
  const tail = file.readNow(file.size - 8, 8);
  const isParquet = file.readNow(0, 4).toString('latin1') === MAGIC && tail.toString('latin1', 4) === MAGIC;
  if (!isParquet || file.size < 12) {
    const fault = 'is not a whole Parquet file: its first or last bytes are missing. Copy or export it again.';
    throw new ContainerError('unreadable-media', file.path, fault);
  }
  if (tail.readUInt32LE(0) <= Math.min(MAX_FOOTER, file.size - 12)) return;
  const fault = 'is damaged: its footer cannot be as long as it says. Copy or export it again.';
  throw new ContainerError('unreadable-media', file.path, fault);
}

function columnOf(tree: SchemaTree): ParquetColumn {
  const { element, children } = tree;
  const { name } = element;
  const kind = kindOf(tree);
  return { name, kind, fields: kind === 'list' ? elementsOf(tree) : children.map(columnOf) };
}

function kindOf({ element, children }: SchemaTree): ParquetColumn['kind'] {
  const isText = element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING';
  if (element.converted_type === 'LIST' || element.logical_type?.type === 'LIST') return 'list';
  if (element.repetition_type === 'REPEATED') return 'list';
  if (children.length > 0) return 'struct';
  if (isText) return 'text';
  if (element.type === 'BYTE_ARRAY') return 'bytes';
  if (element.logical_type?.type === 'FLOAT16') return 'number';
  return element.type !== undefined && NUMBERS.includes(element.type) ? 'number' : 'other';
}

/** The element below the group that Parquet puts between a list and what it repeats. */
function elementsOf({ children }: SchemaTree): ParquetColumn[] {
  const repeated = children[0];
  const element = repeated?.children.length === 1 ? repeated.children[0] : repeated;
  return element === undefined ? [] : [columnOf(element)];
}
