/**
 * The alignment metrics on 3,000 × 128 synthetic vectors, beside the same matrix products in NumPy (one thread) when
 * there is one: cross-validated maps with ranks both ways, CKA and mutual k-NN.
 */
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROWS = 3000;
const COLUMNS = 128;

const bundle = fileURLToPath(new URL('../../dist/bench-align.mjs', import.meta.url));
await build({
  stdin: {
    contents: `
      export { cka } from './src/alignment/cka.ts';
      export { crossValidate } from './src/alignment/crossValidation.ts';
      export { mutualKnn } from './src/alignment/mutualKnn.ts';
      export { Random } from './src/base/random.ts';
    `,
    resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: bundle,
  logLevel: 'warning',
});
const { cka, crossValidate, mutualKnn, Random } = await import(bundle);
await rm(bundle);

const seconds = await measure();
console.log(`alignment of ${ROWS} × ${COLUMNS}: ${inWords(seconds)}`);
const numpy = measureNumpy();
if (numpy === undefined) {
  console.log('There is no python3 with NumPy here, so there is nothing to compare with.');
} else {
  console.log(`the same in NumPy, one thread: ${inWords(numpy)}`);
  console.log(`PairLab takes ${(seconds.total / numpy.total).toFixed(1)} times as long.`);
}

async function measure() {
  const random = Random.of(0, 'bench');
  const matrix = () => {
    return { rows: ROWS, columns: COLUMNS, data: Float32Array.from({ length: ROWS * COLUMNS }, () => random.normal()) };
  };
  const itemOf = Uint32Array.from({ length: ROWS }, (_, row) => row);
  const data = {
    pairs: [...itemOf].map(() => ({})),
    first: matrix(),
    second: matrix(),
    firstOf: itemOf,
    secondOf: itemOf,
  };
  const times = [performance.now()];
  await crossValidate(data, { folds: 5, seed: 0, relevance: 'instance' });
  times.push(performance.now());
  cka(data.first, data.second);
  times.push(performance.now());
  await mutualKnn(data.first, data.second, 10);
  times.push(performance.now());
  const [retrieval, geometry, neighbours] = times.slice(1).map((time, step) => (time - times[step]) / 1000);
  return { retrieval, geometry, neighbours, total: retrieval + geometry + neighbours };
}

function measureNumpy() {
  const script = `
import json, os, time
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = '1'
import numpy as np
n, d, folds, k = ${ROWS}, ${COLUMNS}, 5, 10
rng = np.random.default_rng(0)
a, b = (rng.standard_normal((n, d)).astype(np.float32) for _ in range(2))
unit = lambda m: m / np.linalg.norm(m, axis=1, keepdims=True)
t = [time.perf_counter()]
fold = np.arange(n) % folds
for f in range(folds):
    held, fit, inner = fold == f, fold != f, (fold != f) & (fold != (f + 1) % folds)
    for x, y in ((a, b), (b, a)):
        for rows, strengths in ((inner, 6), (fit, 1)):
            mx, my = x[rows].mean(0), y[rows].mean(0)
            cx, cy = x[rows] - mx, y[rows] - my
            gram, cross = cx.T @ cx, cx.T @ cy
            for s in range(strengths):
                w = np.linalg.solve(gram + 10.0 ** (s - 3) * np.trace(gram) / d * np.eye(d, dtype=np.float32), cross)
        scores = unit((x[held] - mx) @ w) @ unit(y[held] - my).T
        ranks = (scores > np.diag(scores)[:, None]).sum(1)
        np.partition(scores, -k, axis=1)[:, -k:].mean(1)
t.append(time.perf_counter())
x, y = a - a.mean(0), b - b.mean(0)
for p, q in ((x, y), (x, x), (y, y)): np.square(p.T @ q).sum()
t.append(time.perf_counter())
near = []
for m in (a, b):
    s = unit(m) @ unit(m).T
    np.fill_diagonal(s, -np.inf)
    near.append(np.argpartition(s, -k, axis=1)[:, -k:])
np.mean([len(np.intersect1d(p, q)) for p, q in zip(*near)])
t.append(time.perf_counter())
step = np.diff(t)
print(json.dumps(dict(retrieval=step[0], geometry=step[1], neighbours=step[2], total=step.sum())))
`;
  try {
    return JSON.parse(execFileSync('python3', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  } catch {
    return undefined;
  }
}

function inWords({ retrieval, geometry, neighbours, total }) {
  const parts = [
    `retrieval ${retrieval.toFixed(2)} s`,
    `CKA ${geometry.toFixed(2)} s`,
    `mutual k-NN ${neighbours.toFixed(2)} s`,
  ];
  return `${total.toFixed(2)} s (${parts.join(', ')})`;
}
