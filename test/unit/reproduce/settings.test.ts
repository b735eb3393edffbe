import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settingsOfExperiment } from '../../reproduce/settings.ts';

it('names the settings of a file, not their order, its backend or its comments', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-settings-'));
  const of = async (text: string) => {
    const path = join(folder, 'a.experiment.yaml');
    await writeFile(path, text);
    return await settingsOfExperiment(path);
  };
  const name = await of('source: image\ntarget: audio\nshots: [1, 5]\n');
  expect(await of('# C1\ntarget: audio\nsource: image\nshots: [1, 5]\nbackend: tensorflow\n')).toBe(name);
  expect(await of('source: image\ntarget: audio\nshots: [5, 1]\n')).not.toBe(name);
  await rm(folder, { recursive: true });
});
