import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { InputError } from '../../../src/base/errors.ts';
import { stageFiles } from '../../../src/dataset/listing.ts';
import { Staging } from '../../../src/dataset/staging.ts';
import { type Files, placeWith } from './place.ts';

const FileRow = z.object({
  path: z.string(),
  bytes: z.number(),
  modified: z.number(),
  modality: z.string().optional(),
});

/** What listing stages, in its order. */
async function listed(root: string): Promise<{ count: number; files: z.infer<typeof FileRow>[]; problems: string[] }> {
  const staging = await Staging.create(root);
  try {
    const count = await stageFiles(staging);
    const files = await staging.database.query('FROM files ORDER BY rowid', {}, FileRow);
    const Where = z.object({ where: z.string() });
    const problems = await staging.database.query('SELECT "where" FROM problems ORDER BY rowid', {}, Where);
    return { count, files, problems: problems.map(({ where }) => where) };
  } finally {
    await staging.close();
  }
}

describe('listing the files of a root', () => {
  it('gives each file once, in the order of the names, whichever thread looked at it', async () => {
    const names = Array.from({ length: 20_000 }, (_, file) => `part ${file % 3}/${String(file).padStart(5, '0')}.txt`);
    const folder = await placeWith(Object.fromEntries(names.map((name, file) => [name, 'x'.repeat(file % 7)])));
    const { count, files, problems } = await listed(folder);
    expect(count).toBe(names.length);
    expect(files.map(({ path }) => path)).toEqual(names.toSorted());
    for (const { path, bytes, modality } of files) {
      expect(modality).toBe('text');
      expect(bytes).toBe(Number(path.slice('part 0/'.length, -'.txt'.length)) % 7);
    }
    expect(problems).toEqual([]);
  });

  it('says that a root which is not there cannot be read', async () => {
    await expect(listed('/no/such/root')).rejects.toThrow(InputError);
  });
});

/** More names than are listed without threads. */
const MANY = Object.fromEntries(Array.from({ length: 1500 }, (_, file) => [`many/${file}.txt`, '']));

const without = <File extends { path: string }>(more: Files, files: readonly File[]): File[] =>
  files.filter(({ path }) => !(path in more));

describe.each([
  ['few files', {}],
  ['many files', MANY],
])('listing %s', (_, more) => {
  it('tells sizes and times of change, follows links within the root only, and leaves its own files out', async () => {
    const folder = await placeWith({
      ...more,
      'a.png': 'four',
      'pairlab.yaml': 'name: x',
      'inside/b.wav': '',
      '.hidden': '',
    });
    await utimes(join(folder, 'a.png'), 1000, 2000.5);
    await symlink(join(folder, 'a.png'), join(folder, 'link.png'));
    await symlink('/etc/hostname', join(folder, 'outside.png'));
    await symlink(join(folder, 'nothing'), join(folder, 'dangling.png'));
    const { files, problems } = await listed(folder);
    expect(without(more, files).map(({ path, bytes }) => ({ path, bytes }))).toEqual([
      { path: 'a.png', bytes: 4 },
      { path: 'link.png', bytes: 4 },
      { path: 'inside/b.wav', bytes: 0 },
    ]);
    expect(files[0]?.modified).toBe(2_000_500);
    expect(problems).toEqual(['dangling.png', 'outside.png']);
  });

  it('names files and folders whose names are no UTF-8, and goes on', async () => {
    const folder = await placeWith({ ...more, 'a.png': 'x' });
    const odd = Buffer.concat([Buffer.from(`${folder}/odd`), Buffer.from([0xff])]);
    await writeFile(Buffer.concat([odd, Buffer.from('.png')]), 'x');
    await mkdir(odd);
    const { files, problems } = await listed(folder);
    expect(without(more, files).map(({ path }) => path)).toEqual(['a.png']);
    expect(problems).toEqual(['odd\uFFFD.png', 'odd\uFFFD']);
  });
});
