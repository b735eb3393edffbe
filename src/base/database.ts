import { availableParallelism } from 'node:os';
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import * as z from 'zod';
import { CancelledError, EnvironmentError, explainFileError, throwIfCancelled } from './errors.ts';
import type { PackedRows } from './packedRows.ts';

/** `count` is a whole number below 2⁵³, `integer` one of 32 bits, `texts` a list of texts. */
export type ColumnType = 'text' | 'integer' | 'count' | 'number' | 'boolean' | 'texts';
export type Columns = Readonly<Record<string, ColumnType>>;
export type Cell = string | number | boolean | readonly string[] | undefined;
export type Row<C extends Columns> = Readonly<Partial<Record<keyof C, Cell>>>;
export type Parameters = Readonly<Record<string, string | number | boolean>>;

const TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  text: VARCHAR,
  integer: INTEGER,
  count: BIGINT,
  number: DOUBLE,
  boolean: BOOLEAN,
  texts: LIST(VARCHAR),
};
const ROWS_PER_CHUNK = 2048;
/** The name of a database with a scratch folder. */
const SCRATCH = 'scratch';

const RowCount = z.object({ rows: z.number() });
const AnyRow = z.object({ any: z.boolean() });

/** The threads of a database with a scratch folder: each holds on to some memory that cannot be spilled. */
export const SCRATCH_THREADS = Math.min(4, availableParallelism());

/** A DuckDB database of one process. */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #isOwner: boolean;
  readonly #isScratch: boolean;
  readonly #tables = new Map<string, Filling>();

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, isOwner: boolean, isScratch: boolean) {
    this.#instance = instance;
    this.#isScratch = isScratch;
    this.#connection = connection;
    this.#isOwner = isOwner;
  }

  /** A connection of its own to the same database; the one that was opened is to be closed last. */
  async connect(): Promise<Database> {
    const connection = await this.#instance.connect();
    if (this.#isScratch) await connection.run(`USE ${SCRATCH}`);
    return new Database(this.#instance, connection, false, this.#isScratch);
  }

  /** Work on a connection of its own, which goes on beside other work. */
  async beside<R>(work: (own: Database) => Promise<R>): Promise<R> {
    const own = await this.connect();
    try {
      return await work(own);
    } finally {
      own.close();
    }
  }

  /**
   * A database in memory. With a scratch folder it holds at most `megabytes` there, and the rest in the folder, and works in
   * {@link SCRATCH_THREADS}; without, it holds 80 % of the machine's memory.
   */
  static async open(scratch?: { readonly folder: string; readonly megabytes: number }): Promise<Database> {
    const limits = scratch && {
      threads: String(SCRATCH_THREADS),
      memory_limit: `${scratch.megabytes}MB`,
      temp_directory: scratch.folder,
      // What is freed goes back to the system at once; it would else count as memory of this process.
      allocator_flush_threshold: '1MB',
      allocator_bulk_deallocation_flush_threshold: '1MB',
    };
    const instance = await DuckDBInstance.create(':memory:', { ...limits });
    const connection = await instance.connect();
    // Compressed, more of it stays in memory.
    if (scratch !== undefined) await connection.run(`ATTACH ':memory:' AS ${SCRATCH}; USE ${SCRATCH}`);
    return new Database(instance, connection, true, scratch !== undefined);
  }

  /** Runs statements; names and values go into `parameters`. Stops when the signal is aborted. */
  async run(sql: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<void> {
    await this.#interruptible(() => this.#connection.run(sql, { ...parameters }), signal);
  }

  /** Checks every row. NULL cells are absent from a row, whole numbers are plain numbers. */
  async query<S extends z.ZodType>(
    sql: string,
    parameters: Parameters,
    row: S,
    signal?: AbortSignal,
  ): Promise<z.infer<S>[]> {
    const reader = await this.#interruptible(() => this.#connection.runAndReadAll(sql, { ...parameters }), signal);
    return reader.getRowObjectsJS().map((cells) => row.parse(withoutNulls(cells, {})));
  }

  /** How many rows a table has, or what is in SQL after FROM. */
  async countRows(from: string, signal?: AbortSignal): Promise<number> {
    const [counted] = await this.query(`SELECT count(*) AS rows FROM ${from}`, {}, RowCount, signal);
    return counted?.rows ?? 0;
  }

  /** True when there is a row in a table, or in what is in SQL after FROM. */
  async isAny(from: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.query(`SELECT true AS any FROM ${from} LIMIT 1`, {}, AnyRow, signal)).length > 0;
  }

  /**
   * The rows of a query a few thousand at a time, so that a large result never lies in memory as a whole. It has a
   * connection of its own: rows may be appended and other statements run meanwhile.
   */
  async *stream<S extends z.ZodType>(
    sql: string,
    parameters: Parameters,
    row: S,
    signal?: AbortSignal,
  ): AsyncGenerator<z.infer<S>[]> {
    const own = await this.connect();
    try {
      const reader = await own.#interruptible(() => own.#connection.stream(sql, { ...parameters }), signal);
      let above: Record<string, unknown> = {};
      for await (const rows of reader.yieldRowObjectJs()) {
        throwIfCancelled(signal);
        yield rows.map((cells) => {
          above = withoutNulls(cells, above);
          return row.parse(above);
        });
      }
    } finally {
      own.close();
    }
  }

  async createTable(name: string, columns: Columns): Promise<void> {
    const definitions = Object.entries(columns).map(([column, type]) => `"${column}" ${TYPES[type]}`);
    await this.run(`CREATE TABLE "${name}" (${definitions.join(', ')})`);
    const appender = await this.#connection.createAppender(name);
    this.#tables.set(name, { columns: Object.entries(columns), waiting: [], appender });
  }

  /** Does nothing when there is no such table. */
  async dropTable(name: string): Promise<void> {
    this.#tables.get(name)?.appender.closeSync();
    this.#tables.delete(name);
    await this.run(`DROP TABLE IF EXISTS "${name}"`);
  }

  /** Adds a row to a table of {@link createTable}. SQL sees it after {@link flush}. */
  append(table: string, row: Readonly<Record<string, Cell>>): void {
    const filling = this.#tables.get(table);
    if (filling === undefined) throw new EnvironmentError(`There is no table ${table}.`);
    filling.waiting.push(row);
    if (filling.waiting.length >= ROWS_PER_CHUNK) send(filling);
  }

  /** Adds rows to a table of {@link createTable}; SQL sees them at once. */
  async appendPacked(table: string, { count, columns }: PackedRows): Promise<void> {
    if (count === 0) return;
    const types = new Map(this.#tables.get(table)?.columns);
    const names = Object.keys(columns);
    const cells = names.map((name) => `unnest(string_split($${name}, chr(0))) AS ${identifier(name)}`);
    const values = names.map(
      (name) => `nullif(${identifier(name)}, '')::${TYPES[types.get(name) ?? 'text']} AS ${identifier(name)}`,
    );
    await this.run(
      `INSERT INTO ${identifier(table)} BY NAME SELECT ${values.join(', ')} FROM (SELECT ${cells.join(', ')})`,
      columns,
    );
  }

  /** Makes all appended rows visible to SQL. */
  flush(): void {
    for (const filling of this.#tables.values()) {
      send(filling);
      filling.appender.flushSync();
    }
  }

  close(): void {
    for (const { appender } of this.#tables.values()) appender.closeSync();
    this.#connection.closeSync();
    if (this.#isOwner) this.#instance.closeSync();
  }

  async #interruptible<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    throwIfCancelled(signal);
    const interrupt = (): void => this.#connection.interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted) throw new CancelledError();
      throw explain(error);
    } finally {
      signal?.removeEventListener('abort', interrupt);
    }
  }
}

interface Filling {
  readonly columns: readonly (readonly [string, ColumnType])[];
  waiting: Readonly<Record<string, Cell>>[];
  readonly appender: DuckDBAppender;
}

function send(filling: Filling): void {
  const rows = filling.waiting;
  if (rows.length === 0) return;
  filling.waiting = [];
  const chunk = DuckDBDataChunk.create(
    filling.columns.map(([, type]) => TYPES[type]),
    rows.length,
  );
  chunk.setColumns(filling.columns.map(([name, type]) => rows.map((row) => toValue(row[name], type))));
  try {
    filling.appender.appendDataChunk(chunk);
  } catch (error) {
    throw explain(error);
  }
}

/** A literal in SQL, for the few places where DuckDB takes no parameter. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The name of a column in SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * In SQL: a number of 128 bits (MD5) that tells apart what the expressions give, NULL included. DuckDB's own `hash` is made
 * for hash tables: among a few thousand file names two share one.
 */
export function fingerprint(...expressions: readonly string[]): string {
  const [only, another] = expressions;
  if (only !== undefined && another === undefined) return `md5_number(${only})`;
  return `md5_number(concat_ws(chr(31), ${expressions.map((value) => `coalesce(${value}::VARCHAR, chr(30))`).join(', ')}))`;
}

function toValue(cell: Cell, type: ColumnType): DuckDBValue {
  if (cell === undefined) return null;
  if (typeof cell === 'object') return listValue([...cell]);
  return type === 'count' ? BigInt(Math.trunc(Number(cell))) : cell;
}

/** A cell that is equal to that of the row above takes over its text, so that a column of labels holds few of them. */
function withoutNulls(
  cells: Readonly<Record<string, unknown>>,
  above: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [name, cell] of Object.entries(cells)) {
    if (cell === null) continue;
    const value = typeof cell === 'bigint' ? Number(cell) : cell;
    row[name] = value === above[name] ? above[name] : value;
  }
  return row;
}

/** DuckDB tells a full disk in prose only. */
function explain(error: unknown): unknown {
  const full = error instanceof Error && error.message.includes('No space left on device');
  return full ? explainFileError(Object.assign(error, { code: 'ENOSPC' }), 'a scratch file of the index') : error;
}
