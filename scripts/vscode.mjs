/** `npm run vscode`: the extension on the sample, in a real VS Code in the browser, until Ctrl-C. */

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { startServer } from './codeServer/server.mjs';
import { setUpCodeServer } from './codeServer/setup.mjs';
import { install } from './install.mjs';
import { packageExtension } from './package.mjs';
import { at, main, node, succeed } from './process.mjs';

const sample = at('demo');

await main(async () => {
  await install();
  await setUpCodeServer();
  const vsix = await packageExtension();
  await makeSample();
  // From here on Ctrl-C stops the server, which is in a process group of its own.
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const server = await startServer({ vsix });
  console.log(`\nPairLab in VS Code: ${server.address(sample)}\nCtrl-C ends it.`);
  await Promise.race([interrupted, server.ended]);
  await server.stop();
});

/** The sample that `npm start` works on; it is made, indexed and given an experiment when it is not there. */
async function makeSample() {
  if (existsSync(`${sample}/pairlab.yaml`)) return;
  await pairlab('sample', sample);
  await pairlab('init', sample);
  await pairlab('index', sample);
  await pairlab('experiment', sample);
}

async function pairlab(command, folder) {
  await succeed(`pairlab ${command}`, node('dist/cli.js', [command, folder]));
}
