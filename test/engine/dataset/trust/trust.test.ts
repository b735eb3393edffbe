import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { InputError } from '../../../../src/base/errors.ts';
import { findDatasets, loadDataset } from '../../../../src/dataset/config.ts';
import { Pairing } from '../../../../src/dataset/formats/formats.ts';
import { indexDataset } from '../../../../src/dataset/indexer.ts';
import { Snapshot } from '../../../../src/dataset/snapshot.ts';
import { Modality, type Problem } from '../../../../src/protocol.ts';
import { addFiles, inShort, picture, placeWith, sound } from '../place.ts';
import { LAYOUTS, type Layout, WORDS } from './layouts.ts';

/** A folder with the files of a layout, whose rows name these media; the first of them is there. */
async function placed({ pairing, extension, files }: Layout, names: readonly string[]): Promise<string> {
  const root = await placeWith({ 'pairlab.yaml': stringify({ name: 'trust', pairing }), ...(await files(names)) });
  if (extension !== '') await addFiles(root, { [`media/a${extension}`]: await media(extension) });
  return root;
}

async function media(extension: string): Promise<Uint8Array> {
  return extension === '.wav' ? sound({ samples: [5, 6, 7] }) : await picture(5);
}

interface Found {
  readonly pairs: number;
  /** Of the files that items lie in. */
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
  /** All that it says, also when it refuses. */
  readonly words: string;
}

async function found(root: string): Promise<Found> {
  const dataset = await loadDataset(root);
  try {
    const { summary } = await indexDataset(dataset);
    const snapshot = await Snapshot.open(dataset);
    const items = (await Promise.all(Modality.options.map((modality) => snapshot.items(modality)))).flat();
    const { problems } = await snapshot.problems({}, 0, 10_000);
    return {
      pairs: summary.pairs.reduce((sum, { count }) => sum + count, 0),
      paths: items.map(({ path }) => path),
      problems,
      words: JSON.stringify([items, problems]),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { pairs: 0, paths: [], problems: [], words: error.message };
  }
}

const CASES = LAYOUTS.map((layout) => [layout.pairing.layout, layout] as const);

describe('every layout', () => {
  it('is looked at here', () => {
    const layouts = Pairing.options.map((option) => option.shape.layout.value);
    expect(LAYOUTS.map(({ pairing }) => pairing.layout).toSorted()).toEqual(layouts.toSorted());
  });

  it.each(CASES)('reads its own files where they are below the root: %s', async (_, layout) => {
    const { pairs } = await found(await placed(layout, [`a${layout.extension}`]));
    expect(pairs).toBeGreaterThan(0);
  });
});

const OWN_FILES = LAYOUTS.flatMap((layout) => layout.own.map((file) => [layout.pairing.layout, file, layout] as const));

/** A read file has another time of access, unless the file system keeps none; what is said of it then tells all the same. */
const LONG_AGO = new Date(2001, 0);

describe('a link out of the root', () => {
  it.each(OWN_FILES)('is never read by the layout %s in place of its own %s', async (_, file, layout) => {
    const root = await placed(layout, [`a${layout.extension}`]);
    const outside = join(await placeWith({}), basename(file));
    await rename(join(root, file), outside);
    await symlink(outside, join(root, file));
    await utimes(outside, LONG_AGO, new Date());
    const { pairs, words } = await found(root);
    expect(words).not.toContain(WORDS);
    expect(pairs).toBe(0);
    expect((await stat(outside)).atimeMs).toBe(LONG_AGO.getTime());
  });
});

describe('names that lead nowhere or out of the root', () => {
  const LONG = 'x'.repeat(10_000);
  it.each(CASES.filter(([, { extension }]) => extension !== ''))(
    'are problems of the layout %s, and nothing else is lost',
    async (_, layout) => {
      const { extension, own } = layout;
      const outside = await placeWith({});
      const hostile = [
        '../secret',
        '../../secret',
        `${outside}/secret`,
        'C:\\secret',
        'C:/secret',
        '\\\\server\\share\\secret',
        '..\\secret',
        'a/../../../secret',
        'link',
        'folder/secret',
        'file:///etc/secret',
        'https://example.org/secret',
        'nul\0byte',
        'new\nline',
        '\u202egnp',
        '-rf',
        '$(touch x)',
        '~/secret',
        LONG,
      ].map((name) => `${name}${extension}`);
      const elsewhere = ['', '.', '..', '/', '/dev/zero', '/proc/self/environ'];
      const names = [`a${extension}`, ...hostile, ...elsewhere];
      const root = await placed(layout, names);
      const secret = await media(extension);
      await writeFile(join(outside, `secret${extension}`), secret);
      await addFiles(root, { [`secret${extension}`]: secret });
      await mkdir(join(root, 'media'), { recursive: true });
      await symlink(join(outside, `secret${extension}`), join(root, `media/link${extension}`));
      await symlink(outside, join(root, 'media/folder'));
      const { pairs, paths, problems } = await found(root);
      expect(pairs).toBeGreaterThan(0);
      const inside = [...own, `media/a${extension}`, `secret${extension}`, 'media/1/2/a.wav'];
      expect(paths.filter((path) => !inside.includes(path))).toEqual([]);
      // Members of an archive are no names of files; those without key or extension are counted in one problem.
      if (layout.pairing.layout === 'webdataset') return;
      const places = new Set(problems.map(({ where }) => where));
      expect(pairs + places.size).toBeGreaterThanOrEqual(names.length);
      expect(inShort(problems)).toContain(`outside-root media/link${extension}`);
    },
  );
});

describe('a file behind a linked folder', () => {
  it('is said to be outside the root, not missing', async () => {
    const table = LAYOUTS.find(({ pairing }) => pairing.layout === 'table');
    if (table === undefined) throw new Error('There is no layout "table".');
    const root = await placed(table, ['a.png', 'folder/deep/b.png']);
    await symlink(await placeWith({ 'deep/b.png': await media('.png') }), join(root, 'media/folder'));
    const { pairs, problems } = await found(root);
    expect(pairs).toBe(1);
    expect(inShort(problems)).toContain('outside-root pairs.csv#2');
  });
});

describe('what is no file', () => {
  const STEM = LAYOUTS.find(({ pairing }) => pairing.layout === 'stem');

  async function smallRoot(): Promise<string> {
    if (STEM === undefined) throw new Error('There is no layout "stem".');
    return await placed(STEM, []);
  }

  it('is named and never opened: pipes, sockets, links to devices', async ({ skip }) => {
    if (process.platform === 'win32') return skip('there are no pipes in folders of Windows');
    const root = await smallRoot();
    execFileSync('mkfifo', [join(root, 'media/pipe.png'), join(root, 'words/pipe.txt'), join(root, 'metadata.csv')]);
    await symlink('pipe.png', join(root, 'media/piped.png'));
    await symlink('/dev/zero', join(root, 'media/zero.png'));
    const { pairs, problems } = await found(root);
    expect(pairs).toBe(1);
    expect(inShort(problems).toSorted()).toEqual([
      'not-part-of-layout media/pipe.png',
      'not-part-of-layout media/piped.png',
      'not-part-of-layout metadata.csv',
      'not-part-of-layout words/pipe.txt',
      'outside-root media/zero.png',
    ]);
  });

  it('is refused in place of the files that PairLab itself reads', async ({ skip }) => {
    if (process.platform === 'win32') return skip('there are no pipes in folders of Windows');
    const root = await smallRoot();
    await symlink('/dev/zero', join(root, 'trust.exclusions.jsonl'));
    expect((await found(root)).words).toMatch(/is a link or no file at all/);
    await rm(join(root, 'pairlab.yaml'));
    execFileSync('mkfifo', [join(root, 'pairlab.yaml')]);
    await expect(loadDataset(root)).rejects.toThrow(/cannot be read: it is no file\.$/);
    expect(await findDatasets(root)).toEqual([]);
  });

  it('is not walked through: links that lead in circles', async () => {
    const root = await smallRoot();
    await symlink('..', join(root, 'media/up'));
    await symlink('.', join(root, 'media/here'));
    await symlink('b.png', join(root, 'media/c.png'));
    await symlink('c.png', join(root, 'media/b.png'));
    const { pairs, problems } = await found(root);
    expect(pairs).toBe(1);
    expect(inShort(problems)).toEqual([
      'missing-file media/b.png',
      'missing-file media/c.png',
      'not-part-of-layout media/here',
      'not-part-of-layout media/up',
    ]);
  });
});
