import { importSources } from './support/bundle.mjs';

const p = await importSources(
  'tmp',
  `
 export { compareAcross } from './src/alignment/products/passWork.ts';
 export { markPairs } from './src/alignment/products/marks.ts';
`,
);
const N = Number(process.env.N ?? 6144),
  D = 512;
const mk = () => {
  const data = new Float32Array(new SharedArrayBuffer(4 * N * D));
  for (let i = 0; i < data.length; i++) data[i] = Math.random() - 0.5;
  for (let r = 0; r < N; r++) {
    let s = 0;
    for (let c = 0; c < D; c++) s += data[r * D + c] ** 2;
    s = Math.sqrt(s);
    for (let c = 0; c < D; c++) data[r * D + c] /= s;
  }
  return { rows: N, columns: D, data };
};
const a = mk(),
  b = mk();
const id = Uint32Array.from({ length: N }, (_, i) => i);
const sim = Float32Array.from(id, (i) => {
  let s = 0;
  for (let c = 0; c < D; c++) s += a.data[i * D + c] * b.data[i * D + c];
  return s + 0.2;
});
const { marks } = p.markPairs({ queries: id, candidates: id }, N, sim);
const q = { nearest: 0, rivals: 10, partners: marks };
const u = Array.from({ length: Math.ceil(N / 512) }, (_, i) => i);
for (let k = 0; k < 2; k++) {
  const t = process.cpuUsage().user;
  p.compareAcross(
    { queries: { matrix: a, listed: id }, candidates: { matrix: b, listed: id }, forward: q, backward: q },
    u,
  );
  const dt = (process.cpuUsage().user - t) / 1e6;
  console.log(
    dt.toFixed(2),
    'cpu s',
    ((N * N * D) / dt / 1e9).toFixed(2),
    'GMAC/s; per tile ms',
    ((dt / u.length ** 2) * 1e3).toFixed(2),
  );
}
