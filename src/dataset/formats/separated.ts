import { isUtf8 } from 'node:buffer';
import { extname } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { type Options, type Parser, parse } from 'csv-parse';
import * as z from 'zod';
import { errorCode, InputError } from '../../base/errors.ts';
import type { TableRow } from './tableRow.ts';
import { headInUtf8, NOT_UTF8, readUtf8 } from './utf8.ts';

const SEPARATORS = [',', '\t', ';', '|'];
const HEAD_BYTES = 64 * 1024;
const MAX_ROW_BYTES = 16 * 1024 * 1024;

/** How a CSV or TSV file is written. */
export interface Dialect {
  readonly columns: readonly string[];
  readonly delimiter: string;
  /** `null` when there is no quoting. */
  readonly quote: '"' | null;
}

/**
 * TSV has no quoting; the separator of a CSV file is the one that its header holds most of. Throws {@link InputError} when
 * there is no such file or no header.
 */
export async function dialectOf(path: string): Promise<Dialect> {
  const dialect =
    extname(path).toLowerCase() === '.tsv'
      ? ({ delimiter: '\t', quote: null } as const)
      : ({ delimiter: await separatorOf(path), quote: '"' } as const);
  for await (const record of open(path, dialect, { to: 1 })) {
    return { ...dialect, columns: columnsOf(path, CsvRecord.parse(record).record) };
  }
  throw new InputError(`The table ${path} is empty: it has no header. Write one, or name another table.`);
}

/**
 * The rows of a CSV or TSV file in order. An empty cell is absent, and a row that cannot be read is named instead of lost.
 * Throws like {@link dialectOf}.
 *
 * @param wanted columns whose text must be UTF-8; all when absent
 */
export async function* readSeparated(path: string, wanted?: readonly string[]): AsyncGenerator<TableRow> {
  const dialect = await dialectOf(path);
  const { columns } = dialect;
  let skipped: string[] = [];
  const records = open(path, dialect, {
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      skipped.push(error?.code === 'CSV_QUOTE_NOT_CLOSED' ? 'opens a quote that is never closed' : 'cannot be read');
      return undefined;
    },
  });
  let [row, line] = [0, 1];
  for await (const parsed of records) {
    const { record, info } = CsvRecord.parse(parsed);
    for (const fault of skipped) yield { row: ++row, line: line + 1, fault };
    skipped = [];
    const isHeader = row === 0 && info.records === 1;
    line = info.lines;
    if (isHeader) continue;
    yield { row: ++row, line, ...cellsOf(columns, record, wanted) };
  }
  for (const fault of skipped)
    yield { row: ++row, line: line + 1, fault: `${fault}, so nothing from here on was read` };
}

const CsvRecord = z.object({
  record: z.array(z.string()),
  info: z.object({ lines: z.number(), records: z.number() }),
});

function cellsOf(
  columns: readonly string[],
  record: readonly string[],
  wanted: readonly string[] = columns,
): { cells: ReadonlyMap<string, string> } | { fault: string } {
  if (record.length !== columns.length) {
    return { fault: `has ${record.length} cells, but the header has ${columns.length} columns` };
  }
  const cells = new Map<string, string>();
  for (const [index, name] of columns.entries()) {
    const cell = decoded(record[index] ?? '');
    if (cell === undefined && wanted.includes(name)) return { fault: NOT_UTF8 };
    if (cell !== undefined && cell !== '') cells.set(name, cell);
  }
  return { cells };
}

function columnsOf(path: string, header: readonly string[]): string[] {
  const columns = header.map((name) => {
    const text = decoded(name);
    if (text === undefined) throw new InputError(`The header of the table ${path} ${NOT_UTF8}.`);
    if (/\r(?!\n)/.test(text))
      throw new InputError(`The lines of the table ${path} end in CR alone. Save it with LF or CRLF.`);
    return text.trim();
  });
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice === undefined) return columns;
  if (twice === '') throw new InputError(`The table ${path} has several columns without a name. Name them.`);
  throw new InputError(`The table ${path} has two columns named "${twice}". Rename one.`);
}

/** The text of bytes that stand one a character; `undefined` when they are no UTF-8. */
function decoded(cell: string): string | undefined {
  if (!/[\x80-\xff]/.test(cell)) return cell;
  const bytes = Buffer.from(cell, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** The parser takes each byte for a character: by itself it would replace bytes that are no UTF-8 without a word. */
async function* open(
  path: string,
  { delimiter, quote }: Omit<Dialect, 'columns'>,
  more: Options,
): AsyncGenerator<unknown> {
  const parser: Parser = parse({
    encoding: 'latin1',
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: MAX_ROW_BYTES,
    delimiter,
    quote,
    ...more,
  });
  try {
    yield* pipeline(Readable.from(readUtf8(path)), parser, () => {
      // Failures reach the iterator.
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof InputError) throw error;
    throw new InputError(`The table ${path} cannot be read (${code}). Correct "file" in the dataset file.`, error);
  }
}

async function separatorOf(path: string): Promise<string> {
  const header = (await headInUtf8(path, HEAD_BYTES)).toString('latin1').split('\n', 1)[0] ?? '';
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (separator: string): number => bare.split(separator).length;
  return SEPARATORS.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}
