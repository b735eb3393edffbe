import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EnvironmentError } from './errors.ts';

export type Program =
  | 'cli'
  | 'runner'
  | 'headers'
  | 'decoder'
  | 'walker'
  | 'products'
  | 'projection'
  | 'model'
  | 'probe';

/** This code runs from a bundle in dist/; under a test runner it runs from its source, and dist/ lies beside src/. */
const BUNDLES = existsSync(join(__dirname, 'cli.js')) ? __dirname : resolve(__dirname, '../../dist');

/** The script of one of our programs. Throws {@link EnvironmentError} when it is missing. */
export function programPath(program: Program): string {
  const script = join(BUNDLES, `${program}.js`);
  if (existsSync(script)) return script;
  throw new EnvironmentError(`${script} is missing. Install PairLab again, or run \`npm run build\` in a clone.`);
}

/** Inside VS Code, Node is Electron; what the editor tells its own children must not reach ours. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'));
  return { ...Object.fromEntries(inherited), ELECTRON_RUN_AS_NODE: '1' };
}

/** The Node of programs that may load native libraries: that of the variable PAIRLAB_NODE, else the one that runs this. */
export function nativeNode(): string {
  const asked = process.env['PAIRLAB_NODE'];
  return asked === undefined || asked === '' ? process.execPath : asked;
}
