import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { namesIn, readJson, writeJson } from '../../../base/files.ts';
import type { Runtime } from '../runtimes.ts';

/** Paths of the libraries that an addon was built against, beside the addon. */
const Linked = z.array(z.string());
const FILE = 'linked.json';

/** Notes down what the addon in a folder needs of elsewhere. */
export async function writeLinked(folder: string, libraries: readonly string[]): Promise<void> {
  await writeJson(join(folder, FILE), libraries);
}

/** What changes when the addons of a runtime, or the libraries that they need of elsewhere, are replaced or removed. */
export async function stampsOfAddons({ packageFiles }: Runtime): Promise<string[]> {
  const lib = join(dirname(packageFiles[0] ?? ''), 'lib');
  const folders = (await namesIn(lib)).filter((name) => name.startsWith('napi-v')).map((name) => join(lib, name));
  const files = folders.map(async (folder) => [
    join(folder, 'tfjs_binding.node'),
    ...((await readJson(join(folder, FILE), Linked).catch(() => undefined)) ?? []),
  ]);
  return await Promise.all((await Promise.all(files)).flat().map(stampOf));
}

async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(path);
    return `${path} ${size} ${mtimeMs}`;
  } catch {
    return `${path} is gone`;
  }
}
