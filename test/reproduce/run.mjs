/**
 * `npm run reproduce [-- dataset/direction …]`: re-checks what the papers claim, and writes REPRODUCTION.md. Takes hours on two
 * cores; stop it at any time, and run it again to go on. `DATA` names a folder with the real datasets `digits` and `emoji`.
 */
import { fileURLToPath } from 'node:url';
import { importSources } from '../bench/support/bundle.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { reproduce } = await importSources('reproduce', "export { reproduce } from './test/reproduce/reproduce.ts';");
await reproduce(
  {
    cli: `${root}dist/cli.js`,
    wasm: `${root}dist/wasm`,
    experiments: `${root}test/reproduce/experiments`,
    work: `${root}reproduction`,
    output: `${root}REPRODUCTION.md`,
    findings: `${root}test/reproduce/findings.json`,
    accuracies: `${root}test/reproduce/accuracies.json`,
    tell: console.log,
  },
  process.argv.slice(2),
);
