import type * as fs from 'node:fs';
import { expect, it, vi } from 'vitest';
import { look, walkFolder } from '../../../src/dataset/walk.ts';
import { placeWith } from './place.ts';

/** Whoever runs tests as root can read every folder, so the refusal is played. */
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof fs>();
  const readdirSync = (path: string, options: { withFileTypes: true }): fs.Dirent[] => {
    if (path.endsWith('closed')) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    return actual.readdirSync(path, options);
  };
  return { ...actual, readdirSync };
});

it('a folder that may not be read is named, and what lies around it is found', async () => {
  const root = await placeWith({ 'a.png': 'x', 'closed/b.png': 'x', 'z/c.png': 'x' });
  const names = [...walkFolder(root)];
  expect(names).toEqual([
    { path: 'a.png', kind: 'file' },
    { path: 'closed', kind: 'closed' },
    { path: 'z/c.png', kind: 'file' },
  ]);
  expect(look(root, root, { path: 'closed', kind: 'closed' })).toEqual({
    kind: 'missing-file',
    severity: 'error',
    where: 'closed',
    sentence: 'The folder closed cannot be read, so nothing that lies in it was found: check its permissions.',
  });
});

it('a root that may not be read is an error', async () => {
  const root = await placeWith({ 'closed/a.png': 'x' });
  expect(() => [...walkFolder(`${root}/closed`)]).toThrow(
    /closed cannot be read \(EACCES\)\. Check its permissions\.$/,
  );
});
