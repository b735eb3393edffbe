import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { query } from '../../../src/base/table.ts';
import { isOwnFile } from '../../../src/dataset/ownFiles.ts';
import { proposeDatasets } from '../../../src/dataset/propose.ts';
import type { Snapshot } from '../../../src/dataset/snapshot.ts';
import { snapshotFolder } from '../../../src/dataset/snapshotFiles.ts';
import { walkFolder } from '../../../src/dataset/walk.ts';
import type { Problem } from '../../../src/protocol.ts';
import { indexed, placeWith } from './place.ts';

/** Names a folder of real data (digits, emoji, nlvr, sounds, speech) that is read where it lies and is no part of us. */
const DATA = process.env.DATA;
if (DATA === undefined) process.stdout.write('Real data is not tested: DATA names no folder of it.\n');

const ClassCounts = z.array(z.object({ class: z.string(), images: z.number(), audio: z.number() }));

/** The counts that a folder's MANIFEST.json tells. */
async function manifestOf<S extends z.ZodType>(name: string, counts: S): Promise<z.infer<S>> {
  return counts.parse(JSON.parse(await readFile(join(DATA ?? '', name, 'MANIFEST.json'), 'utf8')));
}

interface Real {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
  /** Files that are neither an item nor the table, and that no problem names. */
  readonly unexplained: readonly string[];
}

/** Indexes a folder as `pairlab init` proposes, with all that is written elsewhere. */
async function indexReal(name: string): Promise<Real> {
  const root = resolve(DATA ?? '', name);
  const [proposal] = await proposeDatasets(root);
  const yaml = proposal?.yaml.replace(/^root: .*$/m, `root: ${JSON.stringify(root)}`) ?? '';
  const { snapshot, problems, dataset } = await indexed(await placeWith({ 'pairlab.yaml': yaml }));
  const parameters = { path: join(snapshotFolder(dataset, snapshot.summary.id), 'items.parquet') };
  const items = await query('SELECT path FROM read_parquet($path)', parameters, z.object({ path: z.string() }));
  const explained = new Set([
    'pairs.csv',
    ...items.map(({ path }) => path),
    ...problems.map(({ where }) => where.replace(/#.*$/, '')),
  ]);
  const files = [...walkFolder(root)].map(({ path }) => path);
  return { snapshot, problems, unexplained: files.filter((path) => !isOwnFile(path) && !explained.has(path)) };
}

function pairsOf({ snapshot }: Real): Record<string, number> {
  return Object.fromEntries(snapshot.summary.pairs.map(({ strength, count }) => [strength, count]));
}

/** The names of pictures that are the same, by group. */
function equalPictures({ problems }: Real): readonly string[][] {
  return problems
    .filter(({ kind, items }) => kind === 'exact-duplicate' && items.every((item) => item.endsWith('.png')))
    .map(({ items }) => items);
}

describe.skipIf(DATA === undefined)(
  'the snapshot of real data agrees with its manifest and explains every file',
  () => {
    it('digits: pictures and sounds of a class', async () => {
      const Counts = z.object({ pairs: z.number(), images: z.number(), audio_clips: z.number(), classes: z.number() });
      const manifest = await manifestOf('digits', Counts);
      const real = await indexReal('digits');
      const { items, classes } = real.snapshot.summary;
      expect(pairsOf(real)).toEqual({ weak: manifest.pairs });
      expect(items).toEqual({ image: manifest.images, audio: manifest.audio_clips });
      expect(classes).toHaveLength(manifest.classes);
      expect(real.unexplained).toEqual([]);
    });

    it('emoji: pictures and their names, four groups of which are the same picture', async () => {
      const Counts = z.object({ pairs: z.number(), groups: z.record(z.string(), z.number()) });
      const manifest = await manifestOf('emoji', Counts);
      const real = await indexReal('emoji');
      const { items, classes } = real.snapshot.summary;
      expect(pairsOf(real)).toEqual({ strong: manifest.pairs });
      expect(items).toEqual({ image: manifest.pairs, text: manifest.pairs });
      expect(classes.toSorted()).toEqual(Object.keys(manifest.groups).toSorted());
      expect(equalPictures(real)).toHaveLength(4);
      expect(real.unexplained).toEqual([]);
    });

    it('nlvr: scenes and sentences, one picture of which comes twice', async () => {
      const manifest = await manifestOf('nlvr', z.object({ pairs: z.number() }));
      const real = await indexReal('nlvr');
      expect(pairsOf(real)).toEqual({ strong: manifest.pairs });
      expect(equalPictures(real).map(({ length }) => length)).toEqual([2]);
      expect(real.unexplained).toEqual([]);
    });

    it('sounds: pictures and sounds of nine classes', async () => {
      const manifest = await manifestOf('sounds', z.object({ pairs: z.number(), classes: ClassCounts }));
      const real = await indexReal('sounds');
      const { items, classes } = real.snapshot.summary;
      const sum = (count: 'images' | 'audio'): number => manifest.classes.reduce((total, one) => total + one[count], 0);
      expect(pairsOf(real)).toEqual({ weak: manifest.pairs });
      expect(items['image']).toBe(sum('images'));
      expect(items['audio']).toBe(sum('audio'));
      expect(classes).toEqual(manifest.classes.map((one) => one.class).toSorted());
      expect(real.unexplained).toEqual([]);
    });

    it('speech: sounds and their words, in five sets', async () => {
      const Subsets = z.array(z.object({ subset: z.string(), pairs: z.number() }));
      const { pairs, subsets } = await manifestOf('speech', z.object({ pairs: z.number(), subsets: Subsets }));
      expect(subsets.reduce((sum, subset) => sum + subset.pairs, 0)).toBe(pairs);
      for (const subset of subsets) {
        const real = await indexReal(`speech/${subset.subset}`);
        expect([subset.subset, pairsOf(real), real.unexplained]).toEqual([subset.subset, { strong: subset.pairs }, []]);
      }
    });
  },
);
