/** `npm start`: from a bare checkout to the report of the demo. */
import { build } from './build.mjs';
import { install } from './install.mjs';
import { main, node } from './process.mjs';

await main(async () => {
  await install();
  await build();
  process.exitCode = await node('dist/cli.js', ['demo', ...process.argv.slice(2)]);
});
