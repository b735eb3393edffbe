import { posix } from 'node:path';
import * as z from 'zod';
import { literal } from '../../base/database.ts';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import { Modality, Strength } from '../../protocol.ts';
import { tableCandidates } from '../guess/tables.ts';
import type { Staging } from '../staging.ts';
import { type Format, inList } from './format.ts';
import { claimFile } from './ownFile.ts';
import { asPrefix, isPlainPath, resolvePath } from './paths.ts';
import { isInside, modalitiesIn, perModality } from './pattern.ts';
import { readColumns } from './rows.ts';
import { findLines, loadRows, splitLists } from './tableRows.ts';

/** A column of a table: it holds paths of files, or the text itself. */
const Column = z.union([
  z.strictObject({
    path: z.string().describe('the column that holds paths'),
    folder: z
      .string()
      .refine(isInside, '"folder" must be a folder below the root, with "/" between folders.')
      .optional(),
  }),
  z.strictObject({ cell: z.string().describe('the column that holds the text itself') }),
]);
export type Column = z.infer<typeof Column>;

const TablePairing = z.strictObject({
  layout: z.literal('table'),
  file: z.string().refine(isInside, '"file" must be a table below the root, with "/" between folders.'),
  items: perModality(z.union([Column, z.array(Column).min(1)])).refine(
    (items) =>
      Object.entries(items).every(
        ([modality, columns]) => modality === 'text' || asList(columns).every((column) => 'path' in column),
      ),
    'Only text can stand in a "cell" column; images and sounds need a "path" column.',
  ),
  id: z.string().optional(),
  class: z.string().optional(),
  split: z.string().optional(),
  source: z
    .partialRecord(Modality, z.string())
    .describe(
      'the column that says who spoke, or what the items of a modality were cut from: it must not be in two splits',
    )
    .optional(),
  strength: Strength,
});
export type TablePairing = z.infer<typeof TablePairing>;

/**
 * A manifest: every row links the items that its columns name, by path or as text in the cell. A modality may have
 * several columns, and a cell a list (five captions of a picture): each item pairs with each one of the other modalities. Paths are
 * relative to the folder of the table, or to `folder`; they may use "\". Absolute paths, addresses and paths that climb
 * out of the root are named and never opened.
 */
export const table: Format<typeof TablePairing> = {
  schema: TablePairing,
  modalities: ({ items }) => modalitiesIn(items),
  leftOver: ({ file }) => `no row of ${file} names it`,
  propose: tableCandidates,
  read: readTable,
};

/** A column of the pairing and the column of the table `rows` that holds its cells. */
interface Source {
  readonly modality: Modality;
  readonly column: Column;
  readonly name: string;
  readonly cell: string;
  /** What says which source the item is of, in SQL. */
  readonly source: string;
}

/** A source whose cells are known to be lists in some row. */
interface Listed extends Source {
  /** The table (row, mark, value) of the elements, when there are lists: {@link splitLists}. */
  readonly elements: string | undefined;
}

type Labels = Record<'id' | 'class' | 'split', string>;

async function readTable(pairing: TablePairing, staging: Staging, { signal }: Job): Promise<void> {
  const { database } = staging;
  const { file } = pairing;
  const path = await claimFile(staging, file);
  const { names, sources, labels } = columnsOf(pairing);
  await requireColumns(path, names);
  database.flush();
  await loadRows(database, path, names, signal);
  await database.run('CREATE OR REPLACE TABLE faults (kind VARCHAR, row INTEGER, fault VARCHAR)');
  await database.run("INSERT INTO faults SELECT 'bad-row', row, fault FROM rows WHERE fault IS NOT NULL", {}, signal);
  const listed: Listed[] = [];
  for (const one of sources) {
    await database.run(emptyCellsSql(one), {}, signal);
    const source = { ...one, elements: await splitLists(database, one.cell, signal) };
    if (source.elements !== undefined) await database.run(emptyElementsSql(source, source.elements), {}, signal);
    if ('path' in source.column) await resolvePaths(staging, file, source, source.column, signal);
    staging.found('items', itemsSql(file, source, labels));
    listed.push(source);
  }
  await nameFaults(staging, file, path, signal);
  for (const [index, first] of listed.entries()) {
    for (const second of listed.slice(index + 1)) {
      if (first.modality !== second.modality) staging.found('pairs', pairsSql(pairing, first, second, labels));
    }
  }
}

function asList(columns: Column | Column[]): Column[] {
  return Array.isArray(columns) ? columns : [columns];
}

function columnsOf(pairing: TablePairing): { names: string[]; sources: Source[]; labels: Labels } {
  const names: string[] = [];
  const cellOf = (name: string): string => {
    if (!names.includes(name)) names.push(name);
    return `c${names.indexOf(name)}`;
  };
  const label = (name: string | undefined): string => (name === undefined ? 'NULL' : cellOf(name));
  const sources = modalitiesIn(pairing.items).flatMap((modality) =>
    asList(pairing.items[modality] ?? []).map((column): Source => {
      const name = 'path' in column ? column.path : column.cell;
      return { modality, column, name, cell: cellOf(name), source: label(pairing.source?.[modality]) };
    }),
  );
  const labels = {
    id: label(pairing.id),
    class: label(pairing.class),
    split: label(pairing.split),
  };
  return { names, sources, labels };
}

async function requireColumns(path: string, wanted: readonly string[]): Promise<void> {
  const columns = await readColumns(path);
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const noun = missing.length === 1 ? 'column' : 'columns';
  throw new InputError(
    `The table ${path} has no ${noun} ${inList(missing.map((name) => `"${name}"`))}; it has ${inList(columns)}. Correct the dataset file.`,
  );
}

/**
 * Makes `paths_c0` (row, name, path) of the cells of a column that lead to a place below the root, and a problem for each
 * other one. Cells that are plain are joined to their folder in SQL, all others are resolved one by one.
 */
async function resolvePaths(
  staging: Staging,
  file: string,
  { cell, elements }: Listed,
  { folder }: { folder?: string | undefined },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database } = staging;
  const base = folder ?? posix.dirname(file);
  const plain = isPlainPath(cell);
  const rows = elements === undefined ? 'rows' : `(SELECT row, value AS ${cell} FROM ${elements})`;
  await database.dropTable('odd');
  await database.createTable('odd', { cell: 'text', path: 'text' });
  const odd = `SELECT DISTINCT ${cell} AS cell FROM ${rows} WHERE ${cell} IS NOT NULL AND NOT (${plain})`;
  for await (const cells of database.stream(odd, {}, z.object({ cell: z.string() }), signal)) {
    for (const { cell: value } of cells) database.append('odd', { cell: value, path: resolvePath(value, base) });
  }
  database.flush();
  await database.run(
    `CREATE OR REPLACE TABLE paths_${cell} AS
      SELECT row, ${cell} AS name, CASE WHEN ${plain} THEN ${literal(asPrefix(base))} || ${cell} ELSE odd.path END AS path
      FROM ${rows} LEFT JOIN odd ON ${cell} = odd.cell WHERE ${cell} IS NOT NULL`,
    {},
    signal,
  );
  await database.run(
    `INSERT INTO faults
      SELECT 'outside-root', row, 'names ' || to_json(name)
        || ', which is outside the root: it was not opened. Copy the file below the root'
      FROM paths_${cell} WHERE path IS NULL`,
    {},
    signal,
  );
  await database.dropTable('odd');
}

function emptyCellsSql({ cell, name }: Source): string {
  return `INSERT INTO faults
    SELECT 'bad-row', row, ${literal(`has nothing in the column ${JSON.stringify(name)}: fill it in`)}
    FROM rows WHERE fault IS NULL AND ${cell} IS NULL`;
}

/** An element of a list without a value is left out of it. */
function emptyElementsSql({ name }: Listed, elements: string): string {
  return `INSERT INTO faults
    SELECT 'bad-row', row, ${literal(`has nothing in ${JSON.stringify(name)}`)} || mark || ': fill it in or shorten the list'
    FROM ${elements} WHERE value IS NULL`;
}

/** What is wrong with a row concerns the items of its other cells too, which lose their partner. */
async function nameFaults(
  staging: Staging,
  file: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database } = staging;
  const [{ faults } = { faults: 0 }] = await database.query('SELECT count(*) AS faults FROM faults', {}, Count);
  if (faults > 0) {
    await findLines(database, path, signal);
    await database.run(
      `INSERT INTO problems (kind, severity, "where", sentence, items)
        SELECT kind, 'error', named, ${literal(`${file}, row `)} || row || coalesce(' (line ' || line || ') ', ' ') || fault || '.',
          coalesce(others.items, [])
        FROM (SELECT faults.*, rows.line, ${literal(`${file}#`)} || row AS named FROM faults JOIN rows USING (row)) faults
        LEFT JOIN (
          SELECT named, list(id ORDER BY id) AS items FROM (${staging.findings('items')})
          WHERE named IN (SELECT ${literal(`${file}#`)} || row FROM faults) GROUP BY named
        ) others USING (named)`,
      {},
      signal,
    );
  }
  await database.run('DROP TABLE faults');
}

const Count = z.object({ faults: z.number() });

function itemsSql(file: string, { modality, column, cell, name, source, elements }: Listed, labels: Labels): string {
  const said = `row AS turn, '${modality}' AS modality, ${labels.class} AS class, ${labels.split} AS split,
    ${source} AS source, ${whereOf(file)} AS named`;
  if ('path' in column) {
    return `SELECT path AS id, path, ${said} FROM rows JOIN paths_${cell} USING (row) WHERE path IS NOT NULL`;
  }
  const [mark, value] = elements === undefined ? ["''", cell] : ['mark', 'value'];
  return `SELECT ${cellId(file, name)} || ${mark} AS id, ${literal(file)} AS path, row, ${literal(name)} || ${mark} AS "column",
      ${value} AS text, ${said}
    FROM rows ${elements === undefined ? '' : `JOIN ${elements} USING (row)`} WHERE ${value} IS NOT NULL`;
}

function pairsSql(pairing: TablePairing, first: Listed, second: Listed, labels: Labels): string {
  const { file, strength } = pairing;
  const one = itemOf(file, first, 'a');
  const other = itemOf(file, second, 'b');
  const named = [first, second].some(({ column }) => 'path' in column)
    ? `regexp_replace(regexp_extract(${'path' in first.column ? one : other}, '[^/]*$'), '(.)\\.[^.]*$', '\\1', 's')`
    : `'row ' || row`;
  return `SELECT row AS turn, coalesce(${labels.id}, ${named}) AS key, '${first.modality}' AS firstModality, ${one} AS firstItem,
      '${second.modality}' AS secondModality, ${other} AS secondItem, ${labels.class} AS class, ${labels.split} AS split,
      '${strength}' AS strength, ${whereOf(file)} AS named
    FROM rows ${joinOf(first, 'a')} ${joinOf(second, 'b')}
    WHERE ${one} IS NOT NULL AND ${other} IS NOT NULL`;
}

/** The id of the item of a row; NULL when there is none. */
function itemOf(file: string, { column, cell, name, elements }: Listed, alias: string): string {
  if ('path' in column) return `${alias}.path`;
  if (elements === undefined) return `CASE WHEN ${cell} IS NOT NULL THEN ${cellId(file, name)} END`;
  return `CASE WHEN ${alias}.value IS NOT NULL THEN ${cellId(file, name)} || ${alias}.mark END`;
}

function joinOf({ column, cell, elements }: Listed, alias: string): string {
  const table = 'path' in column ? `paths_${cell}` : elements;
  return table === undefined ? '' : `LEFT JOIN ${table} ${alias} USING (row)`;
}

function cellId(file: string, name: string): string {
  return `${literal(`${file}#`)} || row || ${literal(`:${name}`)}`;
}

function whereOf(file: string): string {
  return `${literal(`${file}#`)} || row`;
}
