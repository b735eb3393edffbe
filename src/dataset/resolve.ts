import { type Database, fingerprint, identifier, literal } from '../base/database.ts';
import type { Job } from '../base/progress.ts';
import { Modality } from '../protocol.ts';
import { goesByNames, leftOver, modalitiesOfPairing, type Pairing } from './formats/formats.ts';
import { FOUND_ITEM_COLUMNS, FOUND_PAIR_COLUMNS, type Staging } from './staging.ts';
import { isLeftOut } from './walk.ts';

/**
 * Turns what a layout found into the tables `items` and `pairs`: every item is there and stands once, every pair links
 * two of them and stands once. Whatever is missing, repeated, left over or alone becomes a problem that names it.
 */
export async function resolveFindings(staging: Staging, pairing: Pairing, { signal }: Job = {}): Promise<void> {
  const { database } = staging;
  database.flush();
  const run: Run = (sql) => database.run(sql, {}, signal);
  await run(`CREATE OR REPLACE VIEW found AS ${staging.findings('items')}`);
  await run(`CREATE OR REPLACE VIEW linked AS ${staging.findings('pairs')}`);
  if (goesByNames(pairing)) await keepAll(run);
  else await keepWhatIsThere(database, run);
  await nameLeftOvers(run, pairing);
  await nameLoners(run);
  await run('DROP VIEW found; DROP VIEW linked');
  await staging.dropSources();
}

/** A layout that goes by names finds files that are there, each once. */
async function keepAll(run: Run): Promise<void> {
  await run(`CREATE OR REPLACE TABLE items AS SELECT ${ITEM_COLUMNS} FROM found; DELETE FROM found_items`);
  await run(`CREATE OR REPLACE TABLE pairs AS SELECT ${PAIR_COLUMNS} FROM linked; DELETE FROM found_pairs`);
}

async function keepWhatIsThere(database: Database, run: Run): Promise<void> {
  await run('CREATE OR REPLACE TABLE lost AS SELECT DISTINCT path FROM found ANTI JOIN files USING (path)');
  if (await database.isAny('lost')) {
    await run('CREATE OR REPLACE TABLE found_kept AS SELECT * FROM found');
    await run('CREATE OR REPLACE TABLE linked_kept AS SELECT * FROM linked');
    await run('CREATE OR REPLACE VIEW found AS SELECT * FROM found_kept');
    await run('CREATE OR REPLACE VIEW linked AS SELECT * FROM linked_kept');
    await followNames(run);
    await dropMissing(run);
  }
  await keepFirstItems(run);
  await keepFirstPairs(run);
  await run('DROP TABLE lost; DROP TABLE IF EXISTS found_kept; DROP TABLE IF EXISTS linked_kept');
}

type Run = (sql: string) => Promise<void>;

const ITEM_COLUMNS = Object.keys(FOUND_ITEM_COLUMNS).map(identifier).join(', ');
const PAIR_COLUMNS = Object.keys(FOUND_PAIR_COLUMNS).map(identifier).join(', ');

/** Names that differ from the file's in Unicode form only are the file's; so are, with a warning, those in another case. */
async function followNames(run: Run): Promise<void> {
  await run(`CREATE OR REPLACE TABLE renamed AS
    SELECT lost.path AS named, min(files.path) AS path, false AS inCase
    FROM lost JOIN files ON nfc_normalize(lost.path) = nfc_normalize(files.path) GROUP BY 1 HAVING count(*) = 1`);
  await run(`INSERT INTO renamed
    SELECT lost.path, min(files.path), true
    FROM lost JOIN files ON lower(nfc_normalize(lost.path)) = lower(nfc_normalize(files.path))
    WHERE lost.path NOT IN (SELECT named FROM renamed) GROUP BY 1 HAVING count(*) = 1`);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'name-differs', 'warning', path, path || ' was taken for ' || named
      || ', which differs in upper and lower case: write the same name.', [path]
    FROM renamed WHERE inCase`);
  await run(`CREATE OR REPLACE TABLE renamed_items AS
    SELECT DISTINCT id AS old, renamed.path || substr(id, length(renamed.named) + 1) AS new
    FROM found_kept JOIN renamed ON found_kept.path = renamed.named WHERE starts_with(id, renamed.named)`);
  for (const side of ['firstItem', 'secondItem']) {
    await run(`UPDATE linked_kept SET ${side} = new FROM renamed_items WHERE ${side} = old`);
  }
  await run('UPDATE found_kept SET id = new FROM renamed_items WHERE id = old');
  await run('UPDATE found_kept SET path = renamed.path FROM renamed WHERE found_kept.path = renamed.named');
  await run('DROP TABLE renamed; DROP TABLE renamed_items');
}

/** Every path of `lost` with itself and the folders that it lies in; no link lies deeper than 100 folders. */
const PREFIXES = `SELECT path, unnest(list_transform(range(1, least(len(parts), 100) + 1), lambda n: array_to_string(parts[:n], '/'))) AS prefix
  FROM (SELECT path, string_split(path, '/') AS parts FROM lost)`;

/** Items whose file is not there, or lies outside the root, and their pairs. The partners are named with them. */
async function dropMissing(run: Run): Promise<void> {
  await run(`CREATE OR REPLACE TABLE gone AS
    SELECT id, path, named, path IN (SELECT prefixed.path FROM (${PREFIXES}) prefixed SEMI JOIN refused ON prefix = refused.path) AS outside
    FROM found_kept ANTI JOIN files USING (path)`);
  await run(`CREATE OR REPLACE TABLE widowed AS
    SELECT gone.id, list(DISTINCT partner ORDER BY partner) AS partners FROM gone JOIN (
      SELECT firstItem AS item, secondItem AS partner FROM linked_kept
      UNION ALL SELECT secondItem, firstItem FROM linked_kept
    ) ON gone.id = item WHERE partner NOT IN (SELECT id FROM gone) GROUP BY gone.id`);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT CASE WHEN outside THEN 'outside-root' ELSE 'missing-file' END, 'error', coalesce(named, path),
      coalesce(named, 'The dataset') || ' names ' || path || CASE WHEN outside
        THEN ', which is outside the root: it was not opened. Copy the file below the root.'
        WHEN ${isLeftOut('path')} THEN ', but hidden names and folders such as node_modules are left out: move the file.'
        ELSE ', but there is no such file: restore it or delete the row.' END,
      coalesce(partners, [])
    FROM (SELECT DISTINCT id, path, named, outside FROM gone) LEFT JOIN widowed USING (id)`);
  await run('DELETE FROM linked_kept WHERE firstItem IN (SELECT id FROM gone) OR secondItem IN (SELECT id FROM gone)');
  await run('DELETE FROM found_kept WHERE path NOT IN (SELECT path FROM files)');
  await run('DROP TABLE gone; DROP TABLE widowed');
}

/** One file may stand in many rows; they should agree on its class and split, and the first one counts. */
async function keepFirstItems(run: Run): Promise<void> {
  await run(`CREATE OR REPLACE TABLE repeated AS
    SELECT ${fingerprint('id')} AS hashed, min(turn) AS kept FROM found GROUP BY 1 HAVING count(*) > 1`);
  for (const [label, kind, words] of [
    ['class', 'ambiguous-pairing', 'classes'],
    ['split', 'split-leak', 'splits'],
  ]) {
    const advice =
      label === 'split'
        ? ': a leak, because what is tested was seen in training. Keep it in one split.'
        : '; the first one counts. Correct the table.';
    await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
      SELECT '${kind}', 'warning', id, id || ' stands in rows of the ${words} ' || array_to_string(labels[:-3], ', ')
        || CASE WHEN len(labels) > 2 THEN ', ' ELSE '' END || array_to_string(labels[-2:], ' and ') || ${literal(advice)}, [id]
      FROM (
        SELECT id, list(DISTINCT coalesce("${label}", 'none') ORDER BY coalesce("${label}", 'none')) AS labels
        FROM found SEMI JOIN repeated ON ${fingerprint('id')} = hashed GROUP BY id
        HAVING min(coalesce("${label}", 'none')) <> max(coalesce("${label}", 'none'))
      )`);
  }
  await run(`CREATE OR REPLACE TABLE items AS
    SELECT ${ITEM_COLUMNS} FROM found ANTI JOIN repeated ON ${fingerprint('id')} = hashed`);
  await run(`INSERT INTO items SELECT ${ITEM_COLUMNS}
    FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY turn) AS again FROM found JOIN repeated ON ${fingerprint('id')} = hashed AND turn = kept)
    WHERE again = 1`);
  await run('DROP TABLE repeated; DELETE FROM found_items');
}

async function keepFirstPairs(run: Run): Promise<void> {
  const both = fingerprint('firstItem', 'secondItem');
  await run(`CREATE OR REPLACE TABLE repeated AS
    SELECT ${both} AS hashed, min(turn) AS kept FROM linked GROUP BY 1 HAVING count(*) > 1`);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'exact-duplicate', 'warning', coalesce(again.named, again.key), coalesce(again.named, again.key)
      || ' links the same items as ' || coalesce(first.named, first.key) || ', so it counts once.',
      [again.firstItem, again.secondItem]
    FROM (SELECT *, ${both} AS hashed FROM linked) again JOIN repeated USING (hashed)
    JOIN (SELECT *, ${both} AS hashed FROM linked) first ON first.hashed = repeated.hashed AND first.turn = kept
    WHERE again.turn <> kept`);
  await run(`CREATE OR REPLACE TABLE pairs AS
    SELECT ${PAIR_COLUMNS} FROM linked LEFT JOIN repeated ON ${both} = hashed WHERE kept IS NULL OR kept = turn`);
  await run('DROP TABLE repeated; DELETE FROM found_pairs');
}

/**
 * A problem for each file that the layout does not use. Where the files of a modality are named by rows, one that lies
 * among them is an item without counterpart; every other file is none of the layout's.
 */
async function nameLeftOvers(run: Run, pairing: Pairing): Promise<void> {
  await run(`CREATE OR REPLACE TABLE spare AS
    SELECT path, modality FROM files ANTI JOIN items USING (path) ANTI JOIN claims USING (path)`);
  await run(`CREATE OR REPLACE TABLE among AS
    SELECT spare.path, modality FROM spare JOIN (
      SELECT modality, min(path) AS low, max(path) AS high FROM items WHERE named IS NOT NULL AND id = path GROUP BY modality
    ) USING (modality) WHERE starts_with(spare.path, ${commonFolder('low', 'high')})`);
  await run('INSERT INTO items (id, modality, path) SELECT path, modality, path FROM among');
  const reason = reasonSql(pairing);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'missing-counterpart', 'warning', path, path || ' has no counterpart: ' || ${reason}
      || '. Add a row or delete the file.', [path] FROM among`);
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'not-part-of-layout', 'information', path, path || ' is not part of the layout: ' || ${reason} || '.', []
    FROM spare ANTI JOIN among USING (path)`);
  await run('DROP TABLE spare; DROP TABLE among');
}

/** The folder, with a final "/", that two paths lie below. Of the first and last path in order it is that of all. */
function commonFolder(low: string, high: string): string {
  const parts = `string_split(${low}, '/')`;
  const shared = `list_filter(range(1, len(${parts})), lambda n: array_to_string(${parts}[:n], '/')
    = array_to_string(string_split(${high}, '/')[:n], '/') AND n < len(string_split(${high}, '/')))`;
  return `coalesce(array_to_string(${parts}[:list_max(${shared})], '/') || '/', '')`;
}

function reasonSql(pairing: Pairing): string {
  const used = modalitiesOfPairing(pairing);
  const cases = Modality.options.map((modality) => {
    const reason = used.includes(modality) ? leftOver(pairing, modality) : `the dataset has no ${modality} items`;
    return `WHEN '${modality}' THEN ${literal(reason)}`;
  });
  return `CASE modality ${cases.join(' ')} ELSE 'its extension names neither an image, a sound nor a text' END`;
}

/** Every item without a pair is named by a problem; this names those that nothing else had a reason to. */
async function nameLoners(run: Run): Promise<void> {
  await run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'missing-counterpart', 'warning', id, id || ' takes part in no pair.', [id]
    FROM (
      SELECT id FROM items
      ANTI JOIN (SELECT firstItem AS id FROM pairs UNION ALL SELECT secondItem FROM pairs) USING (id)
    ) ANTI JOIN (SELECT unnest(items) AS id FROM problems) USING (id)`);
}
