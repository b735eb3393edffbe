/**
 * Manifests of 1,000,000 rows (a picture of 10,000 and a caption in each row) as CSV, JSONL and Parquet: the time that
 * PairLab takes to read and check the rows that items and pairs are made of, beside DuckDB reading the same file into
 * Parquet. Then whole
 * indexings of 10,000, 100,000 and 1,000,000 rows, each in a process of its own, with their memory and how the time
 * grows, and a page of 200 pairs from the middle.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSources } from './support/bundle.mjs';
import { digitPng, numbers } from './support/files.mjs';
import { pairlab } from './support/pairlab.mjs';

const ROWS = Number(process.env.ROWS ?? 1_000_000);
const PICTURES = 10_000;
const REPEATS = 3;

const { Database, literal, loadDataset, readPairing, Snapshot, stageFiles, Staging } = await importSources(
  'manifests',
  `
    export { Database, literal } from './src/base/database.ts';
    export { loadDataset } from './src/dataset/config.ts';
    export { readPairing } from './src/dataset/formats/formats.ts';
    export { stageFiles } from './src/dataset/listing.ts';
    export { Snapshot } from './src/dataset/snapshot.ts';
    export { Staging } from './src/dataset/staging.ts';
  `,
);

const folder = mkdtempSync(join(tmpdir(), 'pairlab-bench-'));
try {
  writePictures();
  for (const format of ['csv', 'jsonl', 'parquet']) await compareReading(format);
  await growth();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writePictures() {
  mkdirSync(`${folder}/images`);
  const next = numbers(1);
  for (let picture = 0; picture < PICTURES; picture++) {
    writeFileSync(`${folder}/images/${picture}.png`, digitPng(next));
  }
}

/** Every hundredth caption is the word that stands for a missing one. */
async function writeManifest(format, rows) {
  const path = `${folder}/pairs.${format}`;
  rmSync(path, { force: true });
  const database = await Database.open();
  const table = `SELECT n AS id, 'images/' || n % ${PICTURES} || '.png' AS image,
    CASE WHEN n % 100 = 0 THEN 'nan' ELSE 'caption ' || n || ', a few words about "picture" ' || n % ${PICTURES} END AS caption,
    'class ' || n % 50 AS class, CASE WHEN n % 10 = 0 THEN 'test' ELSE 'train' END AS split FROM range(${rows}) t(n)`;
  const kind = { csv: 'format csv, header', jsonl: 'format json', parquet: 'format parquet' }[format];
  await database.run(`COPY (${table}) TO ${literal(path)} (${kind})`);
  database.close();
  writeFileSync(
    `${folder}/pairlab.yaml`,
    `name: bench
pairing:
  layout: table
  file: pairs.${format}
  items: { image: { path: image }, text: { cell: caption } }
  id: id
  class: class
  split: split
  strength: strong
`,
  );
  return path;
}

async function compareReading(format) {
  const path = await writeManifest(format, ROWS);
  const [ours, theirs] = [[], []];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    theirs.push(await readWithDuckDb(format, path));
    ours.push(await readWithPairLab());
  }
  const [mine, other] = [Math.min(...ours), Math.min(...theirs)];
  const size = (statSync(path).size / 1e6).toFixed(0);
  console.log(
    `${format}, ${ROWS.toLocaleString('en')} rows, ${size} MB: DuckDB into Parquet ${other.toFixed(2)} s, ` +
      `PairLab into checked rows ${mine.toFixed(2)} s: ${(mine / other).toFixed(2)} times as long`,
  );
}

async function readWithDuckDb(format, path) {
  const source = { csv: 'read_csv', jsonl: 'read_ndjson', parquet: 'read_parquet' }[format];
  const database = await Database.open();
  const started = performance.now();
  await database.run(
    `COPY (SELECT * FROM ${source}(${literal(path)})) TO ${literal(`${folder}/copy`)} (FORMAT parquet)`,
  );
  const seconds = (performance.now() - started) / 1000;
  database.close();
  rmSync(`${folder}/copy`);
  return seconds;
}

async function readWithPairLab() {
  const { config, root } = await loadDataset(folder);
  const staging = await Staging.create(root, `${folder}/.pairlab`);
  await stageFiles(staging);
  const started = performance.now();
  await readPairing(config.pairing, staging, {});
  const seconds = (performance.now() - started) / 1000;
  await staging.close();
  return seconds;
}

async function growth() {
  const sizes = [10_000, 100_000, ROWS];
  const points = [];
  for (const rows of sizes) {
    rmSync(`${folder}/.pairlab`, { recursive: true, force: true });
    await writeManifest('jsonl', rows);
    const { seconds, megabytes } = pairlab('index', folder);
    points.push([Math.log(rows), Math.log(seconds)]);
    console.log(
      `index of ${rows.toLocaleString('en')} rows: ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB at most`,
    );
  }
  const slope = (a, b) => (points[b][1] - points[a][1]) / (points[b][0] - points[a][0]);
  console.log(`the time grows as rows to the power of ${slope(0, 1).toFixed(2)}, then ${slope(1, 2).toFixed(2)}`);
  await timePage();
}

async function timePage() {
  const snapshot = await Snapshot.open(await loadDataset(folder));
  const filter = { class: 'class 0', problem: 'missing-text' };
  const { total } = await snapshot.page(filter, 0, 1);
  const times = [];
  for (let repeat = 0; repeat < 5; repeat++) {
    const started = performance.now();
    const { rows } = await snapshot.page(filter, Math.floor(total / 2), 200);
    times.push(performance.now() - started);
    if (rows.length !== 200) throw new Error(`There are ${rows.length} rows on the page.`);
  }
  console.log(
    `a page of 200 from the middle of ${total.toLocaleString('en')} of them: ${Math.max(...times).toFixed(0)} ms`,
  );
}
