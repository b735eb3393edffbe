import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

const FORBIDDEN = [
  ['src/dataset/a.ts', 'vscode'],
  ['src/engine/b.ts', 'vscode'],
  ['webview/pair/c.ts', 'vscode'],
  ['webview/pair/d.ts', '../../src/dataset/snapshot.ts'],
  ['webview/ui/e.ts', '../../src/base/errors.ts'],
  ['src/editor/f.ts', '../dataset/snapshot.ts'],
  ['src/editor/panels/g.ts', '../../base/errors.ts'],
  ['src/container/g.ts', '../modality/image.ts'],
  ['src/modality/h.ts', '../decoding/decoderPool.ts'],
  ['src/decoding/h.ts', '../dataset/snapshot.ts'],
  ['src/dataset/formats/i.ts', '../../engine/server.ts'],
  ['src/learning/methods/j.ts', '../../dataset/snapshot.ts'],
  ['src/experiment/k.ts', '../engine/server.ts'],
  ['src/base/l.ts', '../cli/command.ts'],
  ['src/sample/m.ts', '../dataset/config.ts'],
  ['src/protocol.ts', './base/errors.ts'],
  ['src/protocol/m.ts', '../base/errors.ts'],
  ['src/editor/m.ts', '../protocol/words.ts'],
  ['webview/ui/m.ts', '../../src/protocol/words.ts'],
] as const;

const ALLOWED = [
  ['src/editor/n.ts', 'vscode'],
  ['src/extension.ts', 'vscode'],
  ['src/editor/panels/o.ts', '../../protocol.ts'],
  ['src/editor/panels/p.ts', '../engineClient.ts'],
  ['webview/pair/q.ts', '../../src/protocol.ts'],
  ['src/experiment/r.ts', '../learning/backend.ts'],
  ['src/engine/s.ts', '../dataset/snapshot.ts'],
  ['src/protocol/t.ts', './words.ts'],
  ['src/decoding/s.ts', '../container/location.ts'],
  ['src/cli/t.ts', '../dataset/indexer.ts'],
] as const;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const LintReport = z.object({ diagnostics: z.array(z.object({ location: z.object({ path: z.string() }) })) });

/** The files of a tree of one-line files, each with one import, in which our lint rules find a forbidden import. */
async function lint(folder: string): Promise<string[]> {
  await Promise.all(['biome.json', '.gitignore'].map((name) => cp(join(root, name), join(folder, name))));
  for (const [file, specifier] of [...FORBIDDEN, ...ALLOWED]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `import { it } from '${specifier}';\nexport const use = it;\n`);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return LintReport.parse(JSON.parse(stdout)).diagnostics.map(({ location }) => location.path);
}

describe('the walls that lint keeps', () => {
  let folder = '';
  let flagged: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pairlab-walls-'));
    flagged = await lint(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(FORBIDDEN)('keep %s from importing %s', (file) => {
    expect(flagged).toContain(file);
  });

  it.each(ALLOWED)('let %s import %s', (file) => {
    expect(flagged).not.toContain(file);
  });
});
