import { createReadStream } from 'node:fs';
import * as z from 'zod';
import { type Columns, type Database, identifier, literal } from '../../base/database.ts';
import { CancelledError } from '../../base/errors.ts';
import { withoutGlobs } from '../../container/parquet.ts';
import { isJsonLines, isParquet, readRows, textSql } from './rows.ts';
import { type Dialect, dialectOf } from './separated.ts';
import { isUtf16 } from './utf8.ts';

const Count = z.object({ rows: z.number(), lines: z.number() });
const FirstRow = z.object({ row: z.number() });

/**
 * Makes the view `rows` of a CSV, TSV, JSONL or Parquet file: `row` counted from 1, `line` where it is known, a text
 * column `c0`, `c1`, … for each of `columns`, empty ones NULL, and `fault` where a row cannot be read. DuckDB reads a
 * file that is as it should be; one that it refuses is read row by row, so that every bad row can be named.
 */
export async function loadRows(
  database: Database,
  path: string,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  await database.run('DROP VIEW IF EXISTS rows');
  await database.dropTable('cells');
  const isLoaded = await loadWhole(database, path, columns, signal);
  if (!isLoaded) await loadOneByOne(database, path, columns, signal);
  // Numbering by a window would read the file in one thread.
  await database.run('CREATE VIEW rows AS SELECT (rowid + 1)::INTEGER AS row, * FROM cells');
}

/**
 * Makes the table `elements_c0` (row, mark, value) of a column when some of its cells are lists of texts in JSON: an
 * element for each, with its place in brackets as mark; a cell that is none is one element without mark. Empty elements
 * are NULL. Returns the name of the table; `undefined` when there are no lists.
 */
export async function splitLists(
  database: Database,
  cell: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const isList = `coalesce(regexp_matches(${cell}, '^\\[\\s*["\\]]') AND json_valid(${cell}), false)`;
  const [first] = await database.query(
    `SELECT row FROM rows WHERE starts_with(${cell}, '[') AND ${isList} LIMIT 1`,
    {},
    FirstRow,
    signal,
  );
  if (first === undefined) return undefined;
  const name = `elements_${cell}`;
  await database.run(
    `CREATE OR REPLACE TABLE ${name} AS
      SELECT row, '[' || place || ']' AS mark, nullif(list[place + 1], '') AS value
      FROM (SELECT row, list, unnest(range(len(list))) AS place
        FROM (SELECT row, from_json(${cell}, '["VARCHAR"]') AS list FROM rows WHERE ${isList}))
      UNION ALL SELECT row, '', ${cell} FROM rows WHERE ${cell} IS NOT NULL AND NOT ${isList}`,
    {},
    signal,
  );
  return name;
}

async function loadWhole(
  database: Database,
  path: string,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!isParquet(path) && (await isUtf16(path))) return false;
  const dialect = isJsonLines(path) || isParquet(path) ? undefined : await dialectOf(path);
  const texts = columns.map((name) => (isParquet(path) ? textSql(name) : identifier(name)));
  const cells = texts.map((text, index) => `nullif(nullif(${text}, ''), '[]') AS c${index}`);
  try {
    await database.run(
      `CREATE TABLE cells AS
        SELECT NULL::INTEGER AS line, ${cells.join(', ')}, NULL::VARCHAR AS fault
        FROM ${sourceOf(path, columns, dialect)}`,
      {},
      signal,
    );
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    return false;
  }
  return true;
}

function sourceOf(path: string, columns: readonly string[], dialect: Dialect | undefined): string {
  if (isParquet(path)) return `read_parquet(${literal(withoutGlobs(path))})`;
  if (dialect === undefined) {
    const types = columns.map((name) => `${literal(name)}: 'VARCHAR'`);
    return `read_ndjson(${literal(withoutGlobs(path))}, columns = {${types.join(', ')}})`;
  }
  const types = dialect.columns.map((name) => `${literal(name)}: 'VARCHAR'`);
  const quote = dialect.quote === null ? "quote = '', escape = ''" : `quote = '"', escape = '"'`;
  return `read_csv(${literal(withoutGlobs(path))}, auto_detect = false, header = true, delim = ${literal(dialect.delimiter)}, ${quote}, columns = {${types.join(', ')}})`;
}

/**
 * Fills `line` where it is not known: a row lies on the line of its number unless blank lines or line breaks in cells
 * shift it; then no line is given.
 */
export async function findLines(database: Database, path: string, signal: AbortSignal | undefined): Promise<void> {
  if (isParquet(path)) return;
  const headers = isJsonLines(path) ? 0 : 1;
  const [{ rows, lines } = { rows: 0, lines: 0 }] = await database.query(
    'SELECT count(*) AS rows, count(line) AS lines FROM rows',
    {},
    Count,
  );
  if (lines === 0 && (await countLines(path, signal)) === rows + headers) {
    await database.run(`UPDATE cells SET line = rowid + 1 + ${headers}`, {}, signal);
  }
}

async function countLines(path: string, signal: AbortSignal | undefined): Promise<number> {
  let [lines, last] = [0, 0x0a];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    const bytes = z.instanceof(Buffer).parse(chunk);
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
    last = bytes.at(-1) ?? last;
  }
  return last === 0x0a ? lines : lines + 1;
}

async function loadOneByOne(
  database: Database,
  path: string,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const cells = columns.map((_, index): [string, 'text'] => [`c${index}`, 'text']);
  const table: Columns = { line: 'integer', ...Object.fromEntries(cells), fault: 'text' };
  await database.createTable('cells', table);
  for await (const row of readRows(path, signal, columns)) {
    const { line } = row;
    if ('fault' in row) {
      database.append('cells', { line, fault: row.fault });
      continue;
    }
    const values = columns.map((name, index): [string, string | undefined] => {
      const cell = row.cells.get(name);
      return [`c${index}`, cell === '[]' ? undefined : cell];
    });
    database.append('cells', { line, ...Object.fromEntries(values) });
  }
  database.flush();
}
