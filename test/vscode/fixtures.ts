import { test as base, type Page } from '@playwright/test';
import { type Server, startServer } from '../../scripts/codeServer/server.mjs';
import { endRuns } from './runs.ts';
import { copyOfSample } from './samples.mjs';
import { openWorkbench } from './workbench.ts';

export { expect } from '@playwright/test';

/** What a spec file may ask of its server with `test.use`. */
export interface ServerOptions {
  /** Whether VS Code asks if a folder is trusted; otherwise every folder is. */
  trust: boolean;
}

interface WorkerFixtures extends ServerOptions {
  /** A VS Code server with the packed extension installed, as users get it. */
  server: Server;
}

interface TestFixtures {
  /** The sample in a folder of this test's own, not indexed. */
  workspace: string;
  /** A window of VS Code with the workspace open. */
  vscode: Page;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  trust: [false, { option: true, scope: 'worker' }],
  server: [
    async ({ trust }, use) => {
      const server = await startServer({ vsix: packedExtension(), trust });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  workspace: async ({}, use) => {
    const sample = await copyOfSample();
    await use(sample.folder);
    await endRuns(sample.folder);
    await sample.remove();
  },
  vscode: async ({ page, server, workspace }, use) => {
    await openWorkbench(page, server.address(workspace));
    await use(page);
  },
});

function packedExtension(): string {
  const path = process.env['PAIRLAB_VSIX'];
  if (!path) throw new Error('PAIRLAB_VSIX must name the packed extension; `npm run test:vscode` sets it.');
  return path;
}
