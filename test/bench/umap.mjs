/**
 * The map of 20,000 × 128 vectors (fifty clusters and one row of noise in ten) in its process, beside umap-learn when
 * Python has it: seconds, the largest resident memory of the process, and trustworthiness by a sample of rows.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSources } from './support/bundle.mjs';

const ROWS = 20_000;
const COLUMNS = 128;
const CLUSTERS = 50;
const SAMPLE = 500;
const NEIGHBOURS = 15;

const { projectUmap, Random, trustworthiness, unitRows, writeNpy, readNpy } = await importSources(
  'umap',
  `
  export { projectUmap } from './src/alignment/projection/umap.ts';
  export { unitRows } from './src/base/matrix.ts';
  export { readNpy, writeNpy } from './src/base/npy.ts';
  export { Random } from './src/base/random.ts';
  export { trustworthiness } from './test/unit/alignment/projection/trustworthiness.ts';
  `,
);

const vectors = unitRows(makeVectors());
const ours = await measure();
tell('PairLab', ours);
const theirs = await measureUmapLearn();
if (theirs === undefined) {
  console.log('There is no python3 with umap-learn here, so there is nothing to compare with.');
} else {
  tell('umap-learn', theirs);
  console.log(`PairLab takes ${(ours.seconds / theirs.seconds).toFixed(1)} times as long.`);
}

function makeVectors() {
  const random = Random.of(0, 'bench');
  const centres = Float32Array.from({ length: CLUSTERS * COLUMNS }, () => random.normal());
  const data = new Float32Array(ROWS * COLUMNS);
  for (let row = 0; row < ROWS; row++) {
    const centre = row % 10 === 0 ? undefined : random.integer(CLUSTERS);
    for (let c = 0; c < COLUMNS; c++) {
      const noise = random.normal();
      data[row * COLUMNS + c] = centre === undefined ? noise : centres[centre * COLUMNS + c] + 0.7 * noise;
    }
  }
  return { rows: ROWS, columns: COLUMNS, data };
}

async function measure() {
  let usage = { megabytes: 0, processor: 0 };
  const watch = setInterval(async () => {
    usage = (await usageOfChild()) ?? usage;
  }, 200);
  const started = performance.now();
  const data = await projectUmap(vectors, { seed: 0 });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  return { seconds, ...usage, map: { rows: ROWS, columns: 2, data } };
}

/** The largest resident memory and the processor seconds of the newest child, as Linux tells; nothing elsewhere. */
async function usageOfChild() {
  try {
    const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
    const pid = children.trim().split(' ').at(-1);
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const times = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ').slice(11, 13);
    return {
      megabytes: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024,
      processor: times.reduce((sum, hundredths) => sum + Number(hundredths) / 100, 0),
    };
  } catch {
    return undefined;
  }
}

async function measureUmapLearn() {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-bench-'));
  const script = `
import resource, sys, time
import numpy as np, umap
x = np.load(sys.argv[1])
umap.UMAP(n_epochs=10, metric='cosine').fit_transform(x[:1000])
start = time.perf_counter()
y = umap.UMAP(n_neighbors=${NEIGHBOURS}, min_dist=0.1, metric='cosine', random_state=0).fit_transform(x)
seconds, usage = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
print(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)
np.save(sys.argv[2], y.astype(np.float32))
`;
  const [input, output] = [join(folder, 'vectors.npy'), join(folder, 'map.npy')];
  try {
    await writeNpy(input, ROWS, COLUMNS, [vectors.data]);
    const { status, stdout } = spawnSync('python3', ['-c', script, input, output], { encoding: 'utf8' });
    if (status !== 0) return undefined;
    const [seconds, megabytes, processor] = stdout.split(' ').map(Number);
    return { seconds, megabytes, processor, map: await readNpy(output) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function tell(name, { seconds, processor, megabytes, map }) {
  const sample = Random.of(0, 'sample').sample([...Array(ROWS).keys()], SAMPLE);
  const trust = trustworthiness(vectors, map, NEIGHBOURS, sample).toFixed(3);
  console.log(`${name}, ${ROWS} × ${COLUMNS}: ${seconds.toFixed(1)} s (${processor.toFixed(1)} s of processor time),`);
  console.log(`${megabytes.toFixed(0)} MB, trustworthiness ${trust} by ${SAMPLE} rows`);
}
