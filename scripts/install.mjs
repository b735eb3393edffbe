/** Makes node_modules fit package-lock.json, so that every script works from a bare checkout. */
import { readFile } from 'node:fs/promises';
import { at, npm, succeed } from './process.mjs';

const oldestNode = [20, 9];

/** Checks Node's version, then installs what is missing or stale. Install scripts never run. */
export async function install() {
  requireNode();
  if (await isInstalled()) return;
  console.log('Installing the packages of package-lock.json …');
  await succeed('npm ci', npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']));
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(`PairLab needs Node ${oldestNode.join('.')} or newer; this is Node ${process.versions.node}.`);
}

/** npm writes what it installed to node_modules/.package-lock.json: the versions must be those of package-lock.json. */
async function isInstalled() {
  const wanted = await packagesOf(at('package-lock.json'));
  const installed = await packagesOf(at('node_modules', '.package-lock.json')).catch(() => undefined);
  if (!installed) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const there = installed[path];
    return there ? there.version === version : optional === true;
  });
}

async function packagesOf(lockFile) {
  return JSON.parse(await readFile(lockFile, 'utf8')).packages;
}
