/**
 * `npm run package [-- --target linux-x64]`: packs the extension for one platform into pairlab-<target>-<version>.vsix.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { at, main, succeed, tool } from './process.mjs';
import { checkContents } from './vsix/contents.mjs';
import { installNativePackages } from './vsix/nativePackages.mjs';
import { currentTarget, targets } from './vsix/targets.mjs';

/**
 * Builds for production and packs.
 * @param {string} [target] a platform of VS Code's marketplace; this machine's when absent
 * @returns {Promise<string>} the path of the VSIX
 */
export async function packageExtension(target = currentTarget()) {
  if (!targets[target]) {
    throw new Error(`No VSIX can be made for ${target}; there are ${Object.keys(targets).join(', ')}.`);
  }
  await build({ production: true });
  await installNativePackages(target);
  await checkContents();
  const vsix = await pack(target);
  const { size } = await stat(vsix);
  console.log(`${basename(vsix)}: ${(size / 1e6).toFixed(1)} MB`);
  return vsix;
}

async function pack(target) {
  const { name, version } = JSON.parse(await readFile(at('package.json'), 'utf8'));
  const vsix = at(`${name}-${target}-${version}.vsix`);
  // The project has no public address yet: links in the README stay relative.
  const address = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  const args = ['package', '--no-dependencies', ...address, '--target', target, '--out', vsix];
  await succeed('vsce package', tool('vsce', args, {}, '@vscode/vsce'));
  return vsix;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const { values } = parseArgs({ options: { target: { type: 'string' } } });
    await install();
    await packageExtension(values.target);
  });
}
