/**
 * Indexing 100,000 pairs by stem (200,000 small files: a PNG of 28 × 28 pixels and its caption), beside a bare walk of the
 * same files in Node (open, stat and read 4 KiB of each) and Hugging Face `datasets` imagefolder with a metadata file on
 * the same pictures, where `python3` (or `PYTHON`) has it. Then the same folder again: unchanged, and with 100 new files.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digitPng, numbers, writePairs } from './support/files.mjs';
import { pairlab } from './support/pairlab.mjs';

const PAIRS = Number(process.env.PAIRS ?? 100_000);
const ROUNDS = 3;

const folder = mkdtempSync(join(tmpdir(), 'pairlab-bench-'));
try {
  writePairs(folder, PAIRS);
  bareWalk(folder);
  const { first, ratio } = inTurn();
  console.log(`  ${ratio.toFixed(2)} times the bare walk, the median of ${ROUNDS} rounds`);
  tell('index again, nothing changed', pairlab('index', folder));
  const next = numbers(2);
  for (let file = 0; file < 100; file++) writeFileSync(`${folder}/train/c${file}/${file}.png`, digitPng(next));
  const changed = pairlab('index', folder);
  tell(`index again, ${changed.json.reread} files changed`, changed);
  const theirs = huggingFace(folder);
  if (theirs !== undefined) {
    console.log(`Hugging Face datasets imagefolder: ${theirs.seconds.toFixed(1)} s, ${theirs.megabytes.toFixed(0)} MB`);
    console.log(`  PairLab is ${(theirs.seconds / first.seconds).toFixed(1)} times as fast`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The walk and the first index by turns, because the speed of a machine drifts. */
function inTurn() {
  const rounds = Array.from({ length: ROUNDS }, () => {
    rmSync(join(folder, '.pairlab'), { recursive: true, force: true });
    const bare = bareWalk(folder);
    const files = `${(2 * PAIRS).toLocaleString('en')} files (open, stat, read 4 KiB)`;
    console.log(`bare walk of ${files}: ${bare.seconds.toFixed(2)} s, ${bare.processor.toFixed(2)} s of the processor`);
    const first = pairlab('index', folder);
    tell('index with header pass', first);
    return { first, ratio: first.seconds / bare.seconds };
  });
  return rounds.toSorted((a, b) => a.ratio - b.ratio)[Math.floor(ROUNDS / 2)];
}

function tell(what, { seconds, processor, megabytes, json }) {
  const read = `${json.reread.toLocaleString('en')} files read`;
  const used = `${processor.toFixed(2)} s of the processor, ${megabytes.toFixed(0)} MB`;
  console.log(`${what}: ${seconds.toFixed(2)} s, ${used} (${read})`);
}

function bareWalk(root) {
  const [started, used] = [performance.now(), process.cpuUsage()];
  const head = Buffer.alloc(4096);
  const waiting = [root];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const path = `${place}/${entry.name}`;
      if (entry.isDirectory()) {
        waiting.push(path);
        continue;
      }
      const file = openSync(path);
      fstatSync(file);
      readSync(file, head, 0, 4096, 0);
      closeSync(file);
    }
  }
  const { user, system } = process.cpuUsage(used);
  return { seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
}

/** Undefined where there is no `datasets`. It needs its metadata beside the pictures, and leaves captions in files aside. */
function huggingFace(root) {
  const rows = Array.from({ length: PAIRS }, (_, pair) => `c${pair % 100}/${pair}.png,picture ${pair}`);
  writeFileSync(`${root}/train/metadata.csv`, `file_name,text\n${rows.join('\n')}\n`);
  const cache = mkdtempSync(join(tmpdir(), 'pairlab-bench-hf-'));
  const script = `
import resource, sys, time
start = time.perf_counter()
from datasets import load_dataset
loaded = load_dataset('imagefolder', data_dir=sys.argv[1], split='train', cache_dir=sys.argv[2])
assert len(loaded) == ${PAIRS}, len(loaded)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
`;
  const python = process.env.PYTHON ?? 'python3';
  const env = { ...process.env, HF_HUB_OFFLINE: '1', HF_DATASETS_DISABLE_PROGRESS_BARS: '1' };
  const result = spawnSync(python, ['-c', script, `${root}/train`, cache], { encoding: 'utf8', env });
  rmSync(cache, { recursive: true, force: true });
  if (result.status === 0) {
    const [seconds, megabytes] = result.stdout.trim().split('\n').at(-1).split(' ').map(Number);
    return { seconds, megabytes };
  }
  const reason = (result.error?.message ?? result.stderr).trim().split('\n').at(-1);
  console.log(`Hugging Face datasets is not compared: ${python} could not run it (${reason}).`);
  return undefined;
}
