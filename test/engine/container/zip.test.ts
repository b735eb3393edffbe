import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { readRange, readWhole, sizeOf } from '../../../src/container/location.ts';
import { listArrays } from '../../../src/container/vectors.ts';
import { listZip } from '../../../src/container/zip.ts';
import { npyOf } from './arraysOf.ts';
import { fileWith } from './place.ts';
import { zipOf } from './zipOf.ts';

const MEMBERS = { 'a/ü.txt': 'caption', 'b.bin': Buffer.alloc(500_000, 'abc'), '../up.txt': 'only a name', 'c/': '' };

describe.each([
  ['stored', false],
  ['compressed', true],
])('members of a .zip file that are %s', (_, compress) => {
  it('are listed from its directory and read one by one', async () => {
    const path = await fileWith('a.zip', zipOf(MEMBERS, { compress }));
    expect((await listZip(path)).map(({ name, kind, length }) => [name, kind, length])).toEqual([
      ['a/ü.txt', 'file', 7],
      ['b.bin', 'file', 500_000],
      ['../up.txt', 'file', 11],
      ['c/', 'folder', 0],
    ]);
    expect((await readWhole({ path, member: 'a/ü.txt' }, 100)).toString()).toBe('caption');
    expect((await readWhole({ path, member: 'b.bin' }, 1e6)).equals(MEMBERS['b.bin'])).toBe(true);
    expect((await readRange({ path, member: 'b.bin' }, 499_998, 100)).toString()).toBe('ab');
    expect(await sizeOf({ path, member: 'b.bin' })).toBe(500_000);
    await expect(readWhole({ path, member: 'b.bin' }, 1000)).rejects.toThrow(/too|more than/);
    await expect(readWhole({ path, member: 'gone.txt' }, 1000)).rejects.toThrow(/index again/);
  });
});

it('tens of thousands of members are listed, and an archive among them is a member like any other', async () => {
  const names = Array.from({ length: 60_000 }, (_, index) => `${index}.txt`);
  const members = Object.fromEntries(names.map((name): [string, string] => [name, '']));
  const path = await fileWith('a.zip', zipOf({ ...members, 'inner.zip': zipOf({ 'deep.txt': 'deep' }) }));
  expect((await listZip(path)).map(({ name }) => name)).toEqual([...names, 'inner.zip']);
});

it('links in a .zip file are named, not followed', async () => {
  const path = await fileWith('a.zip', zipOf({ 'passwords.txt': '/etc/passwd' }, { mode: 0o120777 }));
  expect(await listZip(path)).toMatchObject([{ name: 'passwords.txt', kind: 'link' }]);
  await expect(readWhole({ path, member: 'passwords.txt' }, 1000)).rejects.toThrow(InputError);
});

it('a member that holds less or more than the .zip file says is damaged', async () => {
  const path = await fileWith('a.zip', zipOf({ 'a.txt': 'short' }, { compress: true, claims: 5000 }));
  await expect(readWhole({ path, member: 'a.txt' }, 1e6)).rejects.toThrow(/a\.txt/);
});

it('a member that would expand without bounds is refused before anything of it is inflated', async () => {
  const bomb = zipOf({ 'zeros.bin': Buffer.alloc(100 * 1024 * 1024) }, { compress: true });
  // Whoever inflated these bytes would find that they are none.
  const broken = Buffer.from(bomb).fill(0xff, 'PK\x03\x04'.length + 26 + 'zeros.bin'.length, 1000);
  const path = await fileWith('a.zip', broken);
  const sentence = /has a member zeros\.bin that expands to more than 200 times its size, .*: it was not read\.$/;
  await expect(sizeOf({ path, member: 'zeros.bin' })).rejects.toThrow(sentence);
});

it('arrays that would expand without bounds are refused, however short the read is', async () => {
  const zeros = npyOf('<f4', [10_000_000, 4], Buffer.alloc(160_000_000));
  const path = await fileWith('a.npz', zipOf({ 'image.npy': zeros }, { compress: true }));
  await expect(listArrays(path)).rejects.toThrow(/image\.npy that expands to more than 200 times its size/);
});

it('any damage to a .zip file ends in its members or in an InputError', async () => {
  const whole = zipOf({ 'a.txt': 'caption', 'b.txt': 'x'.repeat(300) }, { compress: true });
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(damage, fc.integer({ min: 1, max: whole.length }), fc.boolean(), async (flips, cut, isCut) => {
      const bytes = Buffer.from(whole);
      for (const [at, byte] of flips) bytes[at] = byte;
      const path = await fileWith('a.zip', isCut ? bytes.subarray(0, cut) : bytes);
      try {
        for (const { name } of await listZip(path)) await readWhole({ path, member: name }, 1e6);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 150 },
  );
});
