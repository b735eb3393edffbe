import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EnvironmentError, explainFileError } from '../../../src/base/errors.ts';
import { readJson, writeAtomically, writeJson } from '../../../src/base/files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairlab-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('files', () => {
  it('replaces a file as a whole and leaves nothing beside it', async () => {
    const path = join(folder, 'deep', 'a.txt');
    await writeAtomically(path, 'one');
    await writeAtomically(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'deep'))).toEqual(['a.txt']);
  });

  it('keeps the old file and removes its own leftovers when writing fails', async () => {
    const path = join(folder, 'taken');
    await writeAtomically(join(path, 'inside.txt'), 'old');
    await expect(writeAtomically(path, 'new')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['taken']);
    expect(await readFile(join(path, 'inside.txt'), 'utf8')).toBe('old');
  });

  it('validates what it reads, and tells a missing file from a damaged one', async () => {
    const schema = z.object({ n: z.number() });
    const path = join(folder, 'a.json');
    expect(await readJson(path, schema)).toBeUndefined();
    await writeJson(path, { n: 1 });
    expect(await readJson(path, schema)).toEqual({ n: 1 });
    await writeFile(path, '{"n": "one"}');
    await expect(readJson(path, schema)).rejects.toThrow(/another version of PairLab or is damaged/);
    await writeFile(path, '{');
    await expect(readJson(path, schema)).rejects.toThrow(/it is not JSON/);
  });

  it('says that the disk is full in words', () => {
    const explained = explainFileError(Object.assign(new Error('write'), { code: 'ENOSPC' }), '/data/x.parquet');
    expect(explained).toBeInstanceOf(EnvironmentError);
    expect(String(explained)).toContain('/data/x.parquet. The disk is full.');
  });
});
