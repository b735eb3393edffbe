/** What may lie in a VSIX and what must. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { at, root } from '../process.mjs';

const allowed = [
  /^package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^(README|CHANGELOG)\.md$/i,
  /^LICENSE(\.\w+)?$/,
  /^docs\/(methods\/)?[^/]+\.md$/,
  /^media\//,
  /^dist\/(extension|cli|runner|headers|decoder|walker|products|projection|model|probe)\.js$/,
  /^dist\/NOTICES\.txt$/,
  /^dist\/schemas\/.+\.json$/,
  /^dist\/wasm\/.+\.wasm$/,
  /^dist\/webview\/.+\.(js|css)$/,
  /^dist\/node_modules\//,
];
const forbidden = [/\.map$/, /\.d\.[cm]?ts$/, /\.vsix$/];
const required = [
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'package.nls.json',
  'dist/extension.js',
  'dist/cli.js',
  'dist/products.js',
  'dist/runner.js',
  'dist/headers.js',
  'dist/decoder.js',
  'dist/walker.js',
  'dist/products.js',
  'dist/projection.js',
  'dist/model.js',
  'dist/probe.js',
  'dist/NOTICES.txt',
  'dist/schemas/experiment.schema.json',
  'dist/node_modules/sharp/package.json',
  'dist/node_modules/@duckdb/node-api/package.json',
];

/** Throws a sentence that names what leaked in or is missing. */
export async function checkContents() {
  const files = await list();
  const leaked = files.filter(
    (file) => !allowed.some((rule) => rule.test(file)) || forbidden.some((rule) => rule.test(file)),
  );
  if (leaked.length > 0)
    throw new Error(`These files do not belong in the VSIX (see .vscodeignore): ${leaked.join(', ')}`);
  const missing = required.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`The VSIX lacks ${missing.join(', ')}.`);
}

async function list() {
  const vsce = at('node_modules', '@vscode', 'vsce', 'vsce');
  const { stdout } = await promisify(execFile)(process.execPath, [vsce, 'ls', '--no-dependencies'], { cwd: root });
  return stdout.split('\n').filter((line) => line !== '');
}
