/**
 * The packages that cannot be bundled (sharp and DuckDB hold native binaries) travel in dist/node_modules, one platform
 * at a time, as package-lock.json pins them and with their licences.
 */
import { copyFile, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { at, npm, succeed } from '../process.mjs';
import { targets } from './targets.mjs';

const notNeeded = [/^\.bin$/, /^\.package-lock\.json$/, /^sharp[\\/](src|install)$/, /\.d\.[cm]?ts$/, /\.map$/];

/** Fills dist/node_modules for a target, whatever machine this is. */
export async function installNativePackages(target) {
  // Inside dist: a rename does not leave the file system.
  const staging = await mkdtemp(at('dist', 'native-'));
  for (const name of ['package.json', 'package-lock.json']) await copyFile(at(name), join(staging, name));
  const platform = Object.entries(targets[target]).map(([word, value]) => `--${word}=${value}`);
  const flags = ['--omit=dev', '--omit=peer', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await succeed(`npm ci for ${target}`, npm(['ci', ...flags, ...platform], { cwd: staging }));
  await prune(join(staging, 'node_modules'));
  await rename(join(staging, 'node_modules'), at('dist', 'node_modules'));
  await rm(staging, { recursive: true });
  await requireBinaries(target);
}

/** Removes what only helps to build or to program against the packages. .vscodeignore cannot: there, a kept folder wins. */
async function prune(folder) {
  for (const path of await readdir(folder, { recursive: true })) {
    if (notNeeded.some((rule) => rule.test(path))) await rm(join(folder, path), { recursive: true, force: true });
  }
}

/** npm leaves out an optional package without a word when it does not fit the platform. */
async function requireBinaries(target) {
  const has = async (scope, part) =>
    (await readdir(at('dist', 'node_modules', scope))).some((name) => name.startsWith(part));
  const { os, cpu, libc } = targets[target];
  const sharp = `sharp-${os}${libc === 'musl' ? 'musl' : ''}-${cpu}`;
  const duckdb = `node-bindings-${os}-${cpu}${libc === 'musl' ? '-musl' : ''}`;
  if (!(await has('@img', sharp))) throw new Error(`sharp publishes no binary for ${target}.`);
  if (!(await has('@duckdb', duckdb))) throw new Error(`DuckDB publishes no binary for ${target}.`);
}
