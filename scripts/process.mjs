/** Starts programs from the repository's root and waits for them. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A file or folder below the root. */
export const at = (...parts) => join(root, ...parts);

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs a script on this very Node. */
export const node = (script, args = [], options = {}) => run(process.execPath, [script, ...args], options);

/** Runs npm: the one that started this script, or the one on the path. */
export function npm(args, options = {}) {
  const own = process.env.npm_execpath;
  return own?.endsWith('.js')
    ? node(own, args, options)
    : run('npm', args, { shell: process.platform === 'win32', ...options });
}

/** Runs a program that an npm package of the project brings, without npx. */
export function tool(name, args, options = {}, packageName = name) {
  const folder = at('node_modules', ...packageName.split('/'));
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return node(join(folder, typeof bin === 'string' ? bin : bin[name]), args, options);
}

/** Throws a sentence when a step did not end well. */
export async function succeed(step, exitCode) {
  const code = await exitCode;
  if (code !== 0) throw new Error(`${step} failed with exit code ${code}; its own message is above.`);
}

/** Runs a whole script: an error becomes one line and exit code 1. */
export async function main(script) {
  try {
    await script();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
