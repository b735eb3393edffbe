/** Types, lint and build: each one counts as a check. */
import { node, npm } from '../process.mjs';
import { add, check, nothing } from './tally.mjs';

const steps = [
  { name: 'typecheck', run: () => npm(['run', '--silent', 'typecheck']) },
  { name: 'lint', run: () => npm(['run', '--silent', 'lint']) },
  { name: 'build', run: () => node('esbuild.mjs') },
];

/** @returns {Promise<import('./tally.mjs').Tally>} */
export async function checks() {
  let tally = nothing;
  for (const { name, run } of steps) {
    const passed = (await run()) === 0;
    console.log(`${passed ? '✓' : '✗'} ${name}`);
    tally = add(tally, check(passed));
  }
  return tally;
}
