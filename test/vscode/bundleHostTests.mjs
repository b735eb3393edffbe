/** Bundles the tests of the extension host, away from dist/ so that no VSIX holds them. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { cache } from '../../scripts/codeServer/versions.mjs';

const folder = fileURLToPath(new URL('host', import.meta.url));

/** @returns {Promise<string>} the module that VS Code runs */
export async function bundleHostTests() {
  const outdir = join(cache, 'host');
  await rm(outdir, { recursive: true, force: true });
  const tests = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'));
  await build({
    entryPoints: ['run.ts', ...tests].map((name) => join(folder, name)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    outExtension: { '.js': '.cjs' },
  });
  return join(outdir, 'run.cjs');
}
