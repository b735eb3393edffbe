/** Where VS Code enters the tests in its extension host. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** Rejects when a test failed. The results go to the file that PAIRLAB_HOST_RESULTS names. */
export function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    reporter: 'json',
    reporterOptions: { output: process.env['PAIRLAB_HOST_RESULTS'] },
  });
  const tests = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
  for (const name of tests) mocha.addFile(join(__dirname, name));
  return new Promise((resolve, reject) => {
    mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} tests failed.`))));
  });
}
