import { posix } from 'node:path';
import { type Columns, literal } from '../../base/database.ts';
import type { Staging } from '../staging.ts';
import { addFault, atLine, type Spot } from './captions.ts';
import type { Segment } from './captionTable.ts';
import { readLines } from './lines.ts';
import { claimFile, isThere } from './ownFile.ts';

/** What a line says about the id that it begins with. */
export interface Entry {
  /** Absent when it is a problem already. */
  readonly value: string | undefined;
  readonly segment?: Segment;
}

const TABLES = {
  'wav.scp': { table: 'recordings', isOptional: false },
  segments: { table: 'utterances', isOptional: true },
  utt2spk: { table: 'speakers', isOptional: true },
  text: { table: 'words', isOptional: false },
} as const;
type Name = keyof typeof TABLES;

const ENTRIES = {
  id: 'text',
  line: 'integer',
  value: 'text',
  segment: 'text',
  start: 'number',
  end: 'number',
} as const satisfies Columns;

/** The files of a Kaldi data folder as tables by id, because there may be millions of lines, and what they give joined. */
export class KaldiTables {
  readonly #folder: string;
  readonly #staging: Staging;
  readonly #signal: AbortSignal | undefined;
  /** Without segments the recordings are the utterances. */
  #hasSegments = false;

  constructor(folder: string, staging: Staging, signal: AbortSignal | undefined) {
    this.#folder = folder;
    this.#staging = staging;
    this.#signal = signal;
  }

  /** Loads a file whose lines are an id and, after white space, what `read` makes an entry of. */
  async load(name: Name, read: (spot: Spot, rest: string) => Entry | undefined): Promise<void> {
    const { database } = this.#staging;
    const { table, isOptional } = TABLES[name];
    await database.dropTable(table);
    await database.createTable(table, ENTRIES);
    const file = posix.join(this.#folder, name);
    if (isOptional && !(await isThere(this.#staging, file))) return;
    if (name === 'segments') this.#hasSegments = true;
    for await (const line of readLines(await claimFile(this.#staging, file), this.#signal)) {
      const spot = atLine(file, line.line);
      if ('fault' in line) {
        addFault(this.#staging, spot, 'bad-row', line.fault);
        continue;
      }
      const [, id = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(line.text.trim()) ?? [];
      const entry = read(spot, rest);
      if (entry?.value === undefined) continue;
      const { name: segment, start, end } = entry.segment ?? {};
      database.append(table, { id, line: line.line, value: entry.value, segment, start, end });
    }
    database.flush();
    await this.#keepFirst(name);
  }

  /** Fills the table of captions, and names the lines that lead to no sound or have no words. */
  async join(split: string | undefined): Promise<void> {
    const source = this.#hasSegments ? 'segments' : 'wav.scp';
    if (!this.#hasSegments)
      await this.#run('INSERT INTO utterances (id, line, value) SELECT id, line, id FROM recordings');
    await this.#run(`CREATE OR REPLACE TABLE sounds AS
      SELECT utterances.id, utterances.line, recordings.value AS path, utterances.segment, utterances.start,
        utterances."end", speakers.value AS source
      FROM utterances JOIN recordings ON utterances.value = recordings.id
        LEFT JOIN speakers ON utterances.id = speakers.id`);
    await this.#name(
      source,
      'bad-row',
      `'names the recording "' || value || '", of which wav.scp has no sound: add or delete it'`,
      'FROM utterances WHERE value NOT IN (SELECT id FROM recordings)',
    );
    await this.#name(
      'text',
      'bad-row',
      `'is about the utterance "' || id || '", of which there is no sound: add or delete it'`,
      'FROM words ANTI JOIN sounds USING (id)',
    );
    await this.#name(
      'text',
      'missing-text',
      "'has no text: fill it in or delete it'",
      "FROM words SEMI JOIN sounds USING (id) WHERE value = ''",
    );
    const place = (name: Name, table: string): string =>
      `${literal(posix.join(this.#folder, name))}, ${table}.line::VARCHAR, ${table}.line, path, sounds.segment, sounds.start,
        sounds."end", source, ${split === undefined ? 'NULL' : literal(split)}`;
    const columns = 'file, mark, row, path, segment, start, "end", source, split';
    await this.#run(`INSERT INTO captions (${columns})
      SELECT ${place(source, 'sounds')} FROM sounds ORDER BY sounds.line`);
    await this.#run(`INSERT INTO captions (${columns}, text, key)
      SELECT ${place('text', 'words')}, words.value, words.id
      FROM words JOIN sounds USING (id) WHERE words.value <> '' ORDER BY words.line`);
    await this.#run('DROP TABLE sounds');
    for (const { table } of Object.values(TABLES)) await this.#staging.database.dropTable(table);
  }

  /** Of the lines with one id the first counts. */
  async #keepFirst(name: Name): Promise<void> {
    const { table } = TABLES[name];
    await this.#run(`CREATE OR REPLACE TABLE again AS
      SELECT id, line FROM ${table} JOIN (
        SELECT id, min(line) AS first FROM ${table} GROUP BY id HAVING count(*) > 1
      ) USING (id) WHERE line > first`);
    await this.#name(name, 'bad-row', `'repeats the id "' || id || '": give it one of its own'`, 'FROM again');
    await this.#run(`DELETE FROM ${table} WHERE line IN (SELECT line FROM again); DROP TABLE again`);
  }

  /** A problem for each line of a query. */
  async #name(name: Name, kind: 'bad-row' | 'missing-text', fault: string, from: string): Promise<void> {
    const file = posix.join(this.#folder, name);
    await this.#run(`INSERT INTO problems (kind, severity, "where", sentence, items)
      SELECT '${kind}', 'error', ${literal(`${file}#`)} || line,
        ${literal(`${file}, line `)} || line || ' ' || ${fault} || '.', []
      ${from} ORDER BY line`);
  }

  async #run(sql: string): Promise<void> {
    await this.#staging.database.run(sql, {}, this.#signal);
  }
}
