import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CancelledError, EnvironmentError } from '../../../src/base/errors.ts';
import { unfinishedPath } from '../../../src/base/files.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { currentSnapshotId, Snapshot } from '../../../src/dataset/snapshot.ts';
import { addFiles, BY_STEM, indexed, picture, placeWith, sound } from './place.ts';

const IMAGE_AUDIO = { first: 'image', second: 'audio' } as const;

async function smallDataset(): Promise<string> {
  return await placeWith({ 'pairlab.yaml': BY_STEM, 'images/a.png': await picture(1), 'audio/a.wav': sound() });
}

/** Where another process of this machine would write what it will rename to a path. */
function unfinishedOf(path: string, pid: number): string {
  return unfinishedPath(path).replace(`.${process.pid}.`, `.${pid}.`);
}

describe('a snapshot', () => {
  it('is asked for before there is one', async () => {
    const dataset = await loadDataset(await smallDataset());
    await expect(Snapshot.open(dataset)).rejects.toThrow(/^test has not been indexed yet: run `pairlab index /);
  });

  it('answers by split, class and modalities, page by page', async () => {
    const files: Record<string, string | Uint8Array> = {
      'pairlab.yaml': BY_STEM.replaceAll('{stem}', '{split}/{class}/{stem}'),
    };
    let shade = 0;
    for (const place of ['train/dog/1', 'train/dog/2', 'train/dog/3', 'train/10/1', 'train/2/1', 'test/dog/1']) {
      files[`images/${place}.png`] = await picture(++shade);
      files[`audio/${place}.wav`] = sound({ samples: [shade] });
    }
    files['images/train/dog/2.png'] = 'text';
    const { snapshot } = await indexed(await placeWith(files));

    expect(await snapshot.groups('split', {})).toEqual([
      { value: 'train', pairs: 5, problems: 1 },
      { value: 'test', pairs: 1, problems: 0 },
    ]);
    expect((await snapshot.groups('class', { split: 'train' })).map(({ value }) => value)).toEqual(['2', '10', 'dog']);
    const dogs = { split: 'train', class: 'dog', modalities: { first: 'audio', second: 'image' } } as const;
    const page = await snapshot.page(dogs, 1, 1);
    expect([page.total, page.rows.map(({ key }) => key)]).toEqual([3, ['train/dog/2']]);
    expect(page.rows[0]?.first).toEqual({ modality: 'audio', item: 'audio/train/dog/2.wav' });

    const middle = await snapshot.pair('train/dog/2:image-audio');
    expect([middle.previous, middle.next]).toEqual(['train/dog/1:image-audio', 'train/dog/3:image-audio']);
    expect(middle.items.map(({ id, readable }) => [id, readable])).toEqual([
      ['images/train/dog/2.png', false],
      ['audio/train/dog/2.wav', true],
    ]);
    expect(middle.problems.map(({ kind }) => kind)).toEqual(['unreadable-media']);
    const last = await snapshot.pair('train/dog/3:image-audio');
    expect('next' in last).toBe(false);
    await expect(snapshot.pair('x')).rejects.toThrow('There is no pair "x" in the snapshot of test');
    expect(await snapshot.countReadable(IMAGE_AUDIO)).toBe(5);
    expect((await snapshot.problems({ kind: 'exact-duplicate' }, 0, 10)).total).toBe(0);
  });

  it('can be read while newer ones are written; the newest three stay', async () => {
    const folder = await smallDataset();
    const { snapshot, dataset } = await indexed(folder);
    for (let shade = 2; shade < 4; shade++) {
      await addFiles(folder, { 'images/a.png': await picture(shade, shade) });
      await indexed(folder);
    }
    expect(await snapshot.items('image')).toHaveLength(1);
    await addFiles(folder, { 'images/a.png': await picture(9, 9) });
    await indexed(folder);
    const kept = await readdir(join(dataset.folder, 'snapshots'));
    expect(kept).toHaveLength(3);
    expect(kept).not.toContain(snapshot.summary.id);
    await expect(snapshot.items('image')).rejects.toThrow(/Run `pairlab index` again/);
  });
});

describe('indexing that does not finish', () => {
  it('leaves the old snapshot and nothing else when it is cancelled, at whatever stage', async () => {
    const folder = await smallDataset();
    const { dataset, snapshot } = await indexed(folder);
    await addFiles(folder, { 'images/a.png': await picture(2, 8) });
    for (const stage of ['listing files', 'reading headers', 'writing the snapshot']) {
      const stop = new AbortController();
      const work = indexDataset(
        dataset,
        {},
        {
          signal: stop.signal,
          progress: (step) => {
            if (step.stage === stage) stop.abort();
          },
        },
      );
      await expect(work).rejects.toThrow(CancelledError);
      expect(await currentSnapshotId(dataset)).toBe(snapshot.summary.id);
      expect(await readdir(join(dataset.folder, 'snapshots'))).toEqual([snapshot.summary.id]);
    }
  });

  it('leaves what it was writing when it is killed, which the next run removes', async () => {
    const folder = await smallDataset();
    const dataset = await loadDataset(folder);
    const left = (name: string): string => unfinishedOf(join(dataset.folder, name), 2 ** 22 + 1);
    const aside = left('snapshots/0123456789abcdef');
    await mkdir(aside, { recursive: true });
    await writeFile(join(aside, 'items.parquet'), 'half');
    await writeFile(left('current'), 'half');
    await mkdir(join(dataset.folder, 'contents-1'));
    await writeFile(left('contents-1/part-1-0.parquet'), 'half');
    const { summary } = await indexDataset(dataset);
    expect(await readdir(join(dataset.folder, 'snapshots'))).toEqual([summary.id]);
    expect((await readdir(dataset.folder)).toSorted()).toEqual([
      'contents-1',
      'current',
      expect.stringMatching(/^files-[0-9a-f]{8}\.parquet$/),
      'index.json',
      'snapshots',
    ]);
    expect(await readdir(join(dataset.folder, 'contents-1'))).toHaveLength(1);
  });

  it('leaves alone what other processes and other machines are writing in the same folder', async () => {
    const folder = await smallDataset();
    const dataset = await loadDataset(folder);
    const ours = unfinishedOf(join(dataset.folder, 'scratch'), process.ppid);
    const theirs = join(dataset.folder, `scratch.another-machine.${2 ** 22 + 1}.00000000.tmp`);
    const abandoned = join(dataset.folder, `scratch.another-machine.${2 ** 22 + 1}.00000001.tmp`);
    for (const path of [ours, theirs, abandoned]) await mkdir(path, { recursive: true });
    await utimes(abandoned, new Date(), new Date(Date.now() - 8 * 24 * 60 * 60 * 1000));
    await indexDataset(dataset);
    const left = (await readdir(dataset.folder)).filter((name) => name.startsWith('scratch'));
    expect(left.toSorted()).toEqual([ours, theirs].map((path) => basename(path)).toSorted());
  });

  it('says so on a full disk, and the old snapshot stays readable', async ({ skip }) => {
    const folder = await smallDataset();
    const results = join(folder, '.pairlab');
    await mkdir(results);
    if (!mountSmallDisk(results)) return skip('a small disk cannot be mounted here (needs root on Linux)');
    const { dataset, snapshot } = await indexed(folder);
    await fillDisk(results);
    await addFiles(folder, { 'images/a.png': await picture(2, 8), 'images/b.png': await picture(3) });
    const error = await indexDataset(dataset).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(String(error)).toContain('The disk is full');
    const again = await Snapshot.open(dataset);
    expect(again.summary).toEqual(snapshot.summary);
    expect(await again.pairs(IMAGE_AUDIO)).toHaveLength(1);
    await rm(join(results, 'filler'));
    expect((await indexDataset(dataset)).summary.items).toEqual({ image: 2, audio: 1 });
  });

  it('starts afresh when what it remembers of files is damaged', async () => {
    const folder = await smallDataset();
    const { dataset, snapshot } = await indexed(folder);
    const contents = join(dataset.folder, 'contents-1');
    for (const part of await readdir(contents)) await writeFile(join(contents, part), 'damaged');
    await writeFile(join(dataset.folder, 'index.json'), 'damaged');
    const { summary, reread } = await indexDataset(dataset);
    expect([summary.id, reread]).toEqual([snapshot.summary.id, 2]);
  });
});

function mountSmallDisk(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => {
    execFileSync('umount', [path]);
  });
  return true;
}

async function fillDisk(path: string): Promise<void> {
  const filler = Buffer.alloc(4096);
  const full = await writeFile(
    join(path, 'filler'),
    (function* () {
      for (;;) yield filler;
    })(),
  ).catch((error: unknown) => error);
  expect(full).toMatchObject({ code: 'ENOSPC' });
}
