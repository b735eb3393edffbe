import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError, InputError } from '../../../src/base/errors.ts';
import { sampleCommand } from '../../../src/cli/sample.ts';
import { Layout } from '../../../src/sample/options.ts';
import { writeSample } from '../../../src/sample/sample.ts';
import { readTruth } from '../../../src/sample/truth.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pairlab-sample-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const SMALL = { classes: 5, pairsPerClass: 8 };

/** Every file below a folder with the hash of its content. */
async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(paths.sort().map((path) => readFile(path)));
  return Object.fromEntries(
    paths.map((path, i) => [
      path.slice(folder.length + 1),
      createHash('sha256')
        .update(contents[i] ?? '')
        .digest('hex'),
    ]),
  );
}

async function truthOf(folder: string) {
  const truth = await readTruth(join(folder, 'truth.jsonl'));
  if (truth === undefined) throw new Error('no truth was written');
  return truth;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

describe('writing a sample', () => {
  it('gives the same bytes for the same settings, and others for another seed', async () => {
    await writeSample(join(home, 'a'), { ...SMALL, seed: 3 });
    await writeSample(join(home, 'b'), { ...SMALL, seed: 3 });
    await writeSample(join(home, 'c'), { ...SMALL, seed: 4 });
    const first = await hashes(join(home, 'a'));
    expect(await hashes(join(home, 'b'))).toEqual(first);
    expect(await hashes(join(home, 'c'))).not.toEqual(first);
  });

  it('writes nothing but the data and the truth, and counts what it wrote', async () => {
    const summary = await writeSample(home, SMALL);
    expect((await readdir(home)).sort()).toEqual(['data', 'truth.jsonl']);
    const files = Object.keys(await hashes(join(home, 'data')));
    expect(summary).toMatchObject({ classes: 5, instances: 40, files: 120 });
    expect(files).toHaveLength(120);
    const sizes = await Promise.all(files.map(async (path) => (await stat(join(home, 'data', path))).size));
    expect(summary.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });

  it('writes pictures, sounds and captions that can be read', async () => {
    await writeSample(home, SMALL);
    const { instances } = await truthOf(home);
    for (const { items } of instances) {
      const { width, height, format, channels } = await sharp(join(home, 'data', items.image.path)).metadata();
      expect({ width, height, format, channels }).toEqual({ width: 64, height: 64, format: 'png', channels: 3 });
      const wav = await readFile(join(home, 'data', items.audio.path));
      expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
      expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
      expect(await readFile(join(home, 'data', items.text.path), 'utf8')).toMatch(/^[A-Z].*[.!]$/);
    }
  });

  it('tells how far it is', async () => {
    const steps: number[] = [];
    await writeSample(home, SMALL, { progress: ({ done }) => steps.push(done) });
    expect(steps).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });
});

describe('the layouts of a sample', () => {
  it('mirror the folders of the modalities, below the split, by stem', async () => {
    await writeSample(home, SMALL);
    const files = new Set(Object.keys(await hashes(join(home, 'data'))));
    const pictures = [...files].filter((path) => path.endsWith('.png'));
    expect(pictures).toHaveLength(40);
    for (const path of pictures) {
      expect(path).toMatch(/^(train|validation|test)\/images\/[a-z]+-[a-z]+\/p\d{4}\.png$/);
      expect(files).toContain(path.replace('/images/', '/audio/').replace('.png', '.wav'));
      expect(files).toContain(path.replace('/images/', '/captions/').replace('.png', '.txt'));
    }
  });

  it('give items of a class unrelated names in class folders', async () => {
    await writeSample(home, { ...SMALL, layout: 'class-folders' });
    const { instances } = await truthOf(home);
    const number = (path: string) => /-(\d+)\.\w+$/.exec(path)?.[1];
    const agreeing = instances.filter(({ items }) => number(items.image.path) === number(items.audio.path));
    expect(agreeing.length).toBeLessThan(10);
    for (const { items, label, split } of instances) {
      expect(items.image.path.startsWith(`${split}/image/${label}/image-`)).toBe(true);
      expect(items.audio.path.startsWith(`${split}/audio/${label}/audio-`)).toBe(true);
    }
  });

  it.each(['csv', 'jsonl'] as const)('name every file, caption, class and split in a %s table', async (layout) => {
    await writeSample(home, { ...SMALL, layout });
    const text = await readFile(join(home, 'data', `pairs.${layout}`), 'utf8');
    const rows: Record<string, string>[] =
      layout === 'csv'
        ? parse(text, { columns: true })
        : text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line));
    const { instances } = await truthOf(home);
    expect(rows.map((row) => row['id'])).toEqual(instances.map(({ key }) => key));
    for (const [index, row] of rows.entries()) {
      expect(Object.keys(row)).toEqual(['id', 'image', 'audio', 'caption', 'class', 'split']);
      expect(await exists(join(home, 'data', row['image'] ?? ''))).toBe(true);
      expect(await exists(join(home, 'data', row['audio'] ?? ''))).toBe(true);
      expect(row['caption']).toMatch(/^[A-Z].*[.!]$/);
      expect([row['class'], row['split']]).toEqual([instances[index]?.label, instances[index]?.split]);
      expect(instances[index]?.items.text.path).toBe(`pairs.${layout}#${index + 1}:caption`);
    }
  });
});

describe('the truth of a sample', () => {
  it('names the partners that were swapped: with them, every file is as in the sample without noise', async () => {
    await writeSample(join(home, 'clean'), SMALL);
    await writeSample(join(home, 'noisy'), { ...SMALL, wrongPairs: 0.3, wrongLabels: 0.2 });
    const clean = await hashes(join(home, 'clean', 'data'));
    const noisy = await hashes(join(home, 'noisy', 'data'));
    const before = new Map((await truthOf(join(home, 'clean'))).instances.map((instance) => [instance.key, instance]));
    const { instances } = await truthOf(join(home, 'noisy'));
    for (const { items, defect } of instances) {
      for (const modality of ['image', 'audio', 'text'] as const) {
        const origin = before.get(items[modality].shows);
        expect(noisy[items[modality].path]).toBe(clean[origin?.items[modality].path ?? '']);
        expect(items[modality].class).toBe(origin?.class);
      }
      const swapped = items.audio.shows !== items.image.shows;
      expect(swapped).toBe(defect?.kind === 'wrong-pair');
    }
    expect(instances.filter(({ defect }) => defect?.kind === 'wrong-pair')).toHaveLength(12);
    expect(instances.filter(({ label, class: own }) => label !== own)).toHaveLength(8);
  });

  it.each(Layout.options)('agrees with the disk about damage in the layout %s', async (layout) => {
    const folder = join(home, layout);
    const { defects } = await writeSample(folder, { classes: 7, pairsPerClass: 12, layout, damage: 0.7 });
    expect(defects).toMatchObject({ corrupt: 15, missing: 15, duplicate: 15, leak: 14 });
    const files = await hashes(join(folder, 'data'));
    const { instances } = await truthOf(folder);
    const byKey = new Map(instances.map((instance) => [instance.key, instance]));
    for (const { items, split, defect } of instances) {
      if (defect?.kind === 'duplicate' || defect?.kind === 'leak') {
        const original = byKey.get(defect.of);
        expect(files[items.image.path]).toBe(files[original?.items.image.path ?? '']);
        expect(files[items.audio.path]).toBe(files[original?.items.audio.path ?? '']);
        expect(original?.split === split).toBe(defect.kind === 'duplicate');
      }
      for (const modality of ['image', 'audio'] as const) {
        const missing = defect?.kind === 'missing' && defect.modality === modality;
        expect(items[modality].path in files).toBe(!missing);
      }
      if (defect?.kind === 'corrupt' && defect.modality === 'image') {
        await expect(sharp(join(folder, 'data', items.image.path)).metadata()).rejects.toThrow();
      }
      if (defect?.kind === 'corrupt' && defect.modality === 'audio') {
        const wav = await readFile(join(folder, 'data', items.audio.path));
        expect(wav.length < 44 || wav.toString('latin1', 0, 4) !== 'RIFF').toBe(true);
      }
    }
  });
});

describe('the folder of a sample', () => {
  it('is refused when it holds something else, and left as it is', async () => {
    await writeFile(join(home, 'thesis.tex'), 'mine');
    await expect(writeSample(home, SMALL)).rejects.toThrow(/is not empty: it holds "thesis.tex"/);
    expect(await readdir(home)).toEqual(['thesis.tex']);
  });

  it('keeps foreign files when writing beside them is forced, but never takes over their data folder', async () => {
    await writeFile(join(home, 'thesis.tex'), 'mine');
    await writeSample(home, { ...SMALL, force: true });
    expect((await readdir(home)).sort()).toEqual(['data', 'thesis.tex', 'truth.jsonl']);
    const other = join(home, 'other');
    await mkdir(join(other, 'data'), { recursive: true });
    await expect(writeSample(other, { ...SMALL, force: true })).rejects.toThrow(/already holds "data"/);
  });

  it('gets a new sample in place of an earlier one, and keeps what else is there', async () => {
    await writeSample(home, SMALL);
    await writeFile(join(home, 'pairlab.yaml'), 'root: data\n');
    await writeSample(home, { ...SMALL, layout: 'csv', seed: 1 });
    expect((await readdir(home)).sort()).toEqual(['data', 'pairlab.yaml', 'truth.jsonl']);
    expect((await readdir(join(home, 'data'))).sort()).toEqual(['audio', 'images', 'pairs.csv']);
  });

  it('is refused when somebody put a file among the data of the earlier sample', async () => {
    await writeSample(home, SMALL);
    await writeFile(join(home, 'data', 'train', 'notes.txt'), 'mine');
    await expect(writeSample(home, SMALL)).rejects.toThrow(/notes\.txt is not a file of the sample/);
    expect(await readFile(join(home, 'data', 'train', 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('holds no half sample after a cancel, and the earlier one is whole', async () => {
    await writeSample(home, SMALL);
    const before = await hashes(home);
    const stop = new AbortController();
    const progress = ({ done }: { done: number }) => {
      if (done === 5) stop.abort();
    };
    const cancelled = writeSample(home, { ...SMALL, seed: 9 }, { progress, signal: stop.signal });
    await expect(cancelled).rejects.toThrow(CancelledError);
    expect(await hashes(home)).toEqual(before);
  });

  it('is cleaned of what a killed run left behind', async () => {
    await mkdir(join(home, '.unfinished-sample', 'data'), { recursive: true });
    await writeSample(home, SMALL);
    expect((await readdir(home)).sort()).toEqual(['data', 'truth.jsonl']);
  });

  it('cannot be a file', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(writeSample(join(home, 'file'), SMALL)).rejects.toThrow(/is a file\. Name a folder/);
  });
});

describe('pairlab sample', () => {
  const context = { progress: () => undefined, signal: new AbortController().signal, note: () => undefined };
  const values = { classes: '4', 'pairs-per-class': '5', layout: 'jsonl', 'wrong-labels': '0.1', seed: '12' };

  it('prints what was written and what to do next, and gives the documented object', async () => {
    const folder = join(home, 'sample');
    const outcome = await sampleCommand.run({ positionals: [folder], values }, context);
    expect(outcome.text).toContain('Wrote 20 instances (image, audio, text) of 4 classes: 41 files');
    expect(outcome.text).toContain('defects  2 wrong-label');
    expect(outcome.text).toMatch(new RegExp(`Next: pairlab init ${folder}$`));
    expect(sampleCommand.result.parse(outcome.json)).toMatchObject({
      folder,
      seed: 12,
      layout: 'jsonl',
      instances: 20,
    });
  });

  it.each([
    [{ classes: '50' }, /Option --classes cannot be used/],
    [{ layout: 'tar' }, /Option --layout cannot be used/],
    [{ 'wrong-pairs': 'half' }, /Option --wrong-pairs cannot be used/],
  ])('refuses %j', async (bad, sentence) => {
    const attempt = sampleCommand.run({ positionals: [join(home, 'x')], values: bad }, context);
    await expect(attempt).rejects.toThrow(sentence);
    await expect(attempt).rejects.toThrow(InputError);
    expect(await exists(join(home, 'x'))).toBe(false);
  });
});
