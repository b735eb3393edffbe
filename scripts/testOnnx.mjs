/**
 * `npm run test:onnx`: the tests of ONNX models, which need an optional package that `npm ci` leaves out: 475 MB, and an
 * install script that would download GPU libraries. It is put below node_modules/.cache once, without its scripts.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { at, main, npm, succeed, tool } from './process.mjs';

const PACKAGE = '@huggingface/transformers';
const VERSION = '4.3.2';
const folder = at('node_modules', '.cache', 'transformers');

await main(async () => {
  await install();
  if ((await versionThere()) !== VERSION) {
    console.log(`Installing ${PACKAGE} ${VERSION} …`);
    await mkdir(folder, { recursive: true });
    const flags = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
    await succeed('npm install', npm(['install', '--prefix', folder, ...flags, `${PACKAGE}@${VERSION}`]));
  }
  await build();
  const env = { ...process.env, PAIRLAB_TRANSFORMERS: folder };
  process.exitCode = await tool('vitest', ['run', '--project', 'engine', 'test/engine/embedding/onnx'], { env });
});

async function versionThere() {
  const manifest = await readFile(`${folder}/node_modules/${PACKAGE}/package.json`, 'utf8').catch(() => '{}');
  return JSON.parse(manifest).version;
}
