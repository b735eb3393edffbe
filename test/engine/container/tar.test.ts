import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWhole } from '../../../src/container/location.ts';
import { type TarEntry, type TarFault, type TarMember, type TarOptions, walkTar } from '../../../src/container/tar.ts';
import { fileWith } from './place.ts';
import { base256, type Member, pax, tarOf } from './tarOf.ts';

async function walked(archive: Buffer, name = 'a.tar', options?: TarOptions) {
  const path = await fileWith(name, archive);
  const entries: TarEntry[] = [];
  for await (const batch of walkTar(path, options)) entries.push(...batch);
  const members = entries.filter((entry): entry is TarMember => 'name' in entry);
  const faults = entries.filter((entry): entry is TarFault => 'fault' in entry);
  const contents = await Promise.all(
    members.map(async ({ name: member, begin, length }) => {
      return (await readWhole({ path, member, begin, length }, 1e9)).toString();
    }),
  );
  return {
    path,
    members,
    faults,
    contents,
    names: members.map((member) => member.name),
    kinds: faults.map(({ kind }) => kind),
  };
}

const AB: Member[] = [
  { name: 'a.jpg', content: 'picture a' },
  { name: 'a.txt', content: 'caption a' },
  { name: 'b.jpg', content: 'x'.repeat(3000) },
];

describe.each([
  ['.tar', 'a.tar', (archive: Buffer) => archive],
  ['.tar.gz', 'a.tar.gz', (archive: Buffer) => gzipSync(archive)],
])('members of a %s file', (_, file, pack) => {
  it('are found with the places of their bytes', async () => {
    const { names, contents, faults } = await walked(pack(tarOf(AB)), file);
    expect(names).toEqual(['a.jpg', 'a.txt', 'b.jpg']);
    expect(contents).toEqual(['picture a', 'caption a', 'x'.repeat(3000)]);
    expect(faults).toEqual([]);
  });

  it('come with their content where it is wanted', async () => {
    const keeps = (name: string, length: number) => name.endsWith('.txt') && length < 100;
    const { members } = await walked(pack(tarOf(AB)), file, { keeps });
    expect(members.map(({ content }) => content?.toString())).toEqual([undefined, 'caption a', undefined]);
  });

  it('are kept up to a cut in the midst of one, and the cut one is named', async () => {
    const archive = tarOf(AB).subarray(0, 5 * 512 + 1000);
    const { names, faults } = await walked(pack(archive), file);
    expect(names).toEqual(['a.jpg', 'a.txt']);
    expect(faults).toMatchObject([{ kind: 'cut', at: archive.length }]);
    expect(faults[0]?.fault).toContain('b.jpg');
  });

  it('are all kept when the end mark is missing, which is told', async () => {
    const { names, kinds } = await walked(pack(tarOf(AB, false)), file);
    expect(names).toEqual(['a.jpg', 'a.txt', 'b.jpg']);
    expect(kinds).toEqual(['no-end']);
  });

  it('are kept up to garbage in place of a header, and its place is told', async () => {
    const archive = Buffer.concat([tarOf(AB.slice(0, 2), false), Buffer.alloc(2048, 'garbage ')]);
    const { names, faults } = await walked(pack(archive), file);
    expect(names).toEqual(['a.jpg', 'a.txt']);
    expect(faults).toMatchObject([{ kind: 'damaged', at: 2048 }]);
  });

  it('are kept up to a cut in the midst of a header', async () => {
    const { names, kinds } = await walked(pack(tarOf(AB, false).subarray(0, 1024 + 200)), file);
    expect([names, kinds]).toEqual([['a.jpg'], ['cut']]);
  });

  it('behind the end mark are told, because no program reads them', async () => {
    const { names, faults } = await walked(pack(Buffer.concat([tarOf(AB.slice(0, 1)), tarOf(AB.slice(1))])), file);
    expect(names).toEqual(['a.jpg']);
    expect(faults).toMatchObject([{ kind: 'more', at: 1536 }]);
  });

  it('are none in an empty file, which is told', async () => {
    const { names, kinds } = await walked(pack(Buffer.alloc(0)), file);
    expect([names, kinds]).toEqual([[], ['no-end']]);
  });
});

describe('headers of a tar archive', () => {
  it('may hold long names: ustar prefix, PAX path, GNU long name', async () => {
    const long = `${'folder/'.repeat(40)}ünïcode 漢字.jpg`;
    const { names, contents } = await walked(
      tarOf([
        { name: 'a.jpg', prefix: 'train/dog', content: '1' },
        pax({ path: long, mtime: '1.5' }),
        { name: 'cut', content: '2' },
        { name: '././@LongLink', type: 'L', content: `${long}\0`, magic: 'ustar  \0' },
        { name: 'cut', content: '3', magic: 'ustar  \0', prefix: 'no name' },
        { name: 'last.jpg', content: '4' },
      ]),
    );
    expect(names).toEqual(['train/dog/a.jpg', long, long, 'last.jpg']);
    expect(contents).toEqual(['1', '2', '3', '4']);
  });

  it('may hold sizes in base 256 and in a PAX record, which then counts', async () => {
    const { contents } = await walked(
      tarOf([
        { name: 'a', content: 'base', size: base256(4) },
        pax({ size: '3' }),
        { name: 'b', content: 'pax', size: Buffer.from('00000000000\0') },
        { name: 'c', content: 'next' },
      ]),
    );
    expect(contents).toEqual(['base', 'pax', 'next']);
  });

  it('may set values for all members with a global PAX header', async () => {
    const { members } = await walked(tarOf([pax({ comment: 'made by git' }, 'g'), { name: 'a.jpg', content: '1' }]));
    expect(members).toMatchObject([{ name: 'a.jpg', length: 1 }]);
  });

  it('keep names that are not UTF-8 apart', async () => {
    const archive = tarOf([['x1.jpg', '']]);
    const other = tarOf([['x1.jpg', '']]);
    for (const [block, byte] of [
      [archive, 0xe9],
      [other, 0xe8],
    ] as const) {
      block[0] = byte;
      const sum = 'x'.charCodeAt(0) - byte;
      const told = Number.parseInt(block.toString('latin1', 148, 154), 8) - sum;
      block.write(told.toString(8).padStart(6, '0'), 148);
    }
    expect((await walked(archive)).names).toEqual(['é1.jpg']);
    expect((await walked(other)).names).toEqual(['è1.jpg']);
  });

  it('name links, folders and devices, which are not followed and have no bytes', async () => {
    const { members, faults } = await walked(
      tarOf([
        { name: 'folder/', type: '5' },
        { name: 'link.jpg', type: '2', size: Buffer.from('00000001000\0') },
        { name: 'hard.jpg', type: '1' },
        { name: 'pipe', type: '6' },
        { name: 'old folder/', type: '\0' },
        { name: 'a.jpg', type: '\0', content: '1' },
      ]),
    );
    expect(members.map(({ kind }) => kind)).toEqual(['folder', 'link', 'link', 'special', 'folder', 'file']);
    expect(faults).toEqual([]);
  });

  it('that announce more than there is are a cut, not a loss of what lies before', async () => {
    const { names, kinds } = await walked(
      tarOf([AB[0] ?? ['', ''], { name: 'huge.jpg', content: 'x', size: base256(2 ** 50) }]),
    );
    expect([names, kinds]).toEqual([['a.jpg'], ['cut']]);
  });
});

it('a member that went away since it was indexed is told', async () => {
  const path = await fileWith('a.tar', tarOf(AB));
  await expect(readWhole({ path, begin: 512, length: 1e6 }, 1e9)).rejects.toThrow(/index again/);
});

it('a gzipped archive is read from any place, forward and back', async () => {
  const members = Array.from({ length: 30 }, (_, index): [string, Buffer] => [
    `${index}.bin`,
    Buffer.alloc(700_000, String.fromCharCode(97 + (index % 26))),
  ]);
  const { contents } = await walked(gzipSync(tarOf(members), { level: 1 }), 'a.tgz');
  expect(contents.map((content) => content[0])).toEqual(
    members.map(([, content]) => String.fromCharCode(content[0] ?? 0)),
  );
  const { path, members: found } = await walked(gzipSync(tarOf(members), { level: 1 }), 'b.tgz');
  for (const index of [29, 0, 15, 14, 1]) {
    const member = found[index];
    const whole = await readWhole({ path, begin: member?.begin, length: member?.length }, 1e9);
    expect(whole.equals(members[index]?.[1] ?? Buffer.alloc(0))).toBe(true);
  }
});

it('a gzipped archive that expands without bounds is not read to its end', async () => {
  const bomb = gzipSync(tarOf([['zeros.txt', Buffer.alloc(100 * 1024 * 1024)]]));
  const { names, faults } = await walked(bomb, 'bomb.tar.gz');
  expect(names).toEqual([]);
  expect(faults[0]?.fault).toContain('200 times its size');
});

it.each([
  ['.tar', 'a.tar'],
  ['.tar.gz', 'a.tar.gz'],
])('any bytes as a %s file are walked to an end, and no member lies outside of them', async (_, file) => {
  const members = fc.array(
    fc.record({ name: fc.string({ maxLength: 300 }), content: fc.uint8Array({ maxLength: 2000 }) }),
    { maxLength: 5 },
  );
  const damage = fc.array(fc.tuple(fc.nat(6000), fc.nat(255)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(members, damage, fc.nat(8000), fc.boolean(), async (whole, flips, cut, early) => {
      const archive = tarOf(whole);
      const spoil = (bytes: Buffer): Buffer => {
        for (const [at, byte] of flips) if (at < bytes.length) bytes[at] = byte;
        return bytes.subarray(0, Math.max(cut, 1));
      };
      const packed = file === 'a.tar' ? spoil(archive) : early ? gzipSync(spoil(archive)) : spoil(gzipSync(archive));
      const path = await fileWith(file, packed);
      for await (const batch of walkTar(path, { keeps: () => true })) {
        for (const entry of batch) {
          if ('name' in entry) expect(entry.content?.length ?? entry.length).toBe(entry.length);
        }
      }
    }),
    { numRuns: 60 },
  );
});
