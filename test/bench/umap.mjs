/**
 * The map of 20,000 × 128 vectors (fifty clusters and one row of noise in ten) in its process, beside umap-learn when
 * Python has it: seconds, the largest resident memory of the process, and trustworthiness on a sample of rows.
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
  let bytes = 0;
  const watch = setInterval(async () => {
    bytes = Math.max(bytes, await residentBytesOfChildren());
  }, 200);
  const started = performance.now();
  const data = await projectUmap(vectors, { seed: 0 });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  return { seconds, megabytes: bytes / 2 ** 20, map: { rows: ROWS, columns: 2, data } };
}

/** As Linux tells; 0 elsewhere. */
async function residentBytesOfChildren() {
  try {
    const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
    const pids = children.split(' ').filter((pid) => pid !== '');
    const states = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8')));
    return states.reduce((sum, state) => sum + 1024 * Number(/VmHWM:\s+(\d+)/.exec(state)?.[1] ?? 0), 0);
  } catch {
    return 0;
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
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
np.save(sys.argv[2], y.astype(np.float32))
`;
  const [input, output] = [join(folder, 'vectors.npy'), join(folder, 'map.npy')];
  try {
    await writeNpy(input, ROWS, COLUMNS, [vectors.data]);
    const { status, stdout } = spawnSync('python3', ['-c', script, input, output], { encoding: 'utf8' });
    if (status !== 0) return undefined;
    const [seconds, megabytes] = stdout.split(' ').map(Number);
    return { seconds, megabytes, map: await readNpy(output) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function tell(name, { seconds, megabytes, map }) {
  const random = Random.of(0, 'sample');
  const sample = random.sample([...Array(ROWS).keys()], SAMPLE);
  const trust = trustworthiness(vectors, map, NEIGHBOURS, sample).toFixed(3);
  console.log(
    `${name}, ${ROWS} × ${COLUMNS}: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB, trustworthiness ${trust} (${SAMPLE} rows)`,
  );
}
