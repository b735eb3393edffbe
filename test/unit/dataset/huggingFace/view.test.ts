import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemsOf, summarise } from '../../../../src/dataset/huggingFace/describe.ts';
import { viewFolder } from '../../../../src/dataset/huggingFace/view.ts';

function splitsOf(paths: string[], readme?: string): Record<string, readonly string[]> {
  return Object.fromEntries(viewFolder(paths, { readme }).splits);
}

function droppedOf(paths: string[], readme?: string): Record<string, readonly string[]> {
  return Object.fromEntries(viewFolder(paths, { readme }).dropped);
}

const GOLDEN: {
  files: string[];
  rule: string;
  splits: Record<string, string[]>;
  dropped?: Record<string, string[]>;
}[] = [
  {
    files: ['train/dog/1.png', 'test/dog/2.png', 'README.md'],
    rule: 'folder names',
    splits: { train: ['train/dog/1.png'], test: ['test/dog/2.png'] },
  },
  {
    files: ['train_0.csv', 'test_0.csv', 'extra.csv'],
    rule: 'file names',
    splits: { train: ['train_0.csv'], test: ['test_0.csv'] },
    dropped: { 'no-split-in-path': ['extra.csv'] },
  },
  {
    files: ['Train/1.png', 'Test/2.png'],
    rule: 'none',
    splits: { train: ['Train/1.png', 'Test/2.png'] },
  },
  {
    files: ['train2017/1.jpg', 'val2017/2.jpg', 'annotations/captions_train2017.json'],
    rule: 'folder names',
    splits: { train: ['train2017/1.jpg'], validation: ['val2017/2.jpg'] },
    dropped: { 'no-split-in-path': ['annotations/captions_train2017.json'] },
  },
  {
    files: ['images/1.jpg', 'captions_train2017.json', 'captions_val2017.json'],
    rule: 'file names',
    splits: { train: ['captions_train2017.json'], validation: ['captions_val2017.json'] },
    dropped: { 'no-split-in-path': ['images/1.jpg'] },
  },
  {
    files: ['train-clean-100/1/2/1-2-0.flac', 'dev-clean/1/2/1-2-1.flac', 'test-other/1/2/1-2-2.flac'],
    rule: 'folder names',
    splits: {
      train: ['train-clean-100/1/2/1-2-0.flac'],
      validation: ['dev-clean/1/2/1-2-1.flac'],
      test: ['test-other/1/2/1-2-2.flac'],
    },
  },
  {
    files: ['trainset/1.jpg', 'testset/2.jpg'],
    rule: 'none',
    splits: { train: ['trainset/1.jpg', 'testset/2.jpg'] },
  },
  {
    files: ['my_train_set/1.jpg', 'a/b_test/2.jpg'],
    rule: 'folder names',
    splits: { train: ['my_train_set/1.jpg'], test: ['a/b_test/2.jpg'] },
  },
  {
    files: ['clips/a.mp3', 'train.tsv', 'dev.tsv', 'test.tsv', 'validated.tsv', 'invalidated.tsv', 'other.tsv'],
    rule: 'file names',
    splits: { train: ['train.tsv'], validation: ['dev.tsv'], test: ['test.tsv'] },
    dropped: { 'no-split-in-path': ['clips/a.mp3', 'validated.tsv', 'invalidated.tsv', 'other.tsv'] },
  },
  {
    files: ['audio/dev/1.wav', 'audio/eval/2.wav', 'dev.csv'],
    rule: 'folder names',
    splits: { validation: ['audio/dev/1.wav'], test: ['audio/eval/2.wav'] },
    dropped: { 'no-split-in-path': ['dev.csv'] },
  },
  {
    files: ['development/1.wav', 'evaluation/2.wav', 'validation/3.wav', 'clotho_captions_development.csv'],
    rule: 'folder names',
    splits: { validation: ['validation/3.wav'], test: ['evaluation/2.wav'] },
    dropped: { 'no-split-in-path': ['development/1.wav', 'clotho_captions_development.csv'] },
  },
  {
    files: ['train/a/test/1.png'],
    rule: 'folder names',
    splits: { train: ['train/a/test/1.png'], test: ['train/a/test/1.png'] },
  },
  {
    files: ['contest.csv', 'protest1.csv', 'latest test.csv'],
    rule: 'file names',
    splits: { test: ['latest test.csv'] },
    dropped: { 'no-split-in-path': ['contest.csv', 'protest1.csv'] },
  },
  {
    files: [
      'data/train-00000-of-00002.parquet',
      'data/train-00001-of-00002.parquet',
      'data/random-00000-of-00001.parquet',
      'extra/test.csv',
    ],
    rule: 'shard names',
    splits: {
      train: ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'],
      random: ['data/random-00000-of-00001.parquet'],
    },
    dropped: { 'other-than-shards': ['extra/test.csv'] },
  },
];

test.each(GOLDEN)('splits $files by $rule', ({ files, rule, splits, dropped = {} }) => {
  const view = viewFolder(files);
  expect({ ...view, splits: Object.fromEntries(view.splits), dropped: Object.fromEntries(view.dropped) }).toMatchObject(
    {
      rule,
      splits,
      dropped,
    },
  );
  expect(view.failure).toBeUndefined();
});

test('a file whose path names two splits is in both, which is a leak', () => {
  const view = viewFolder(['train/a/test/1.png']);
  expect(view.shared).toEqual(['train/a/test/1.png']);
  expect(problemsOf(view, () => true)).toEqual([
    expect.objectContaining({ kind: 'split-leak', severity: 'warning', items: ['train/a/test/1.png'] }),
  ]);
});

test('a file that several patterns of its split match is loaded as often, and counts as often for the loader', () => {
  const view = viewFolder(['test/evaluation/1.mp3', 'test/a/2.txt']);
  expect(view).toMatchObject({ loader: 'audiofolder', repeated: ['test/evaluation/1.mp3'] });
  expect(problemsOf(view, () => true).map(({ kind, sentence }) => [kind, sentence])).toContainEqual([
    'exact-duplicate',
    'Hugging Face `audiofolder` loads 1 file below test more than once, because their path names their split more than once: test/evaluation/1.mp3. PairLab counts each once.',
  ]);
});

test('log files win over folder and file names', () => {
  expect(viewFolder(['train/1.png', 'runs/a.eval'])).toMatchObject({ rule: 'logs', loader: 'eval' });
});

test('the commonest extension chooses the loader, metadata files last', () => {
  expect(viewFolder(['a.csv', 'b.csv', '1.jpg', '2.jpg']).loader).toBe('csv');
  expect(viewFolder(['metadata.csv', 'x/metadata.csv', '1.jpg']).loader).toBe('imagefolder');
  expect(viewFolder(['a.parquet', 'b.csv']).loader).toBe('parquet');
  expect(viewFolder(['a.json', 'b.jsonl']).loader).toBe('json');
  expect(viewFolder(['a.wav', 'b.png']).loader).toBe('audiofolder');
  expect(viewFolder(['a.zip', 'b.zip', 'c.png']).loader).toBe('archives');
  expect(viewFolder(['a.npy']).failure).toBe('it holds no file in a format that it knows');
});

test('splits that need different loaders cannot be loaded', () => {
  expect(viewFolder(['train.csv', 'test.tsv']).failure).toBe(
    'its splits need different loaders: train (csv) and test (csv)',
  );
  expect(viewFolder(['train/1.png', 'test/2.wav']).failure).toBe(
    'its splits need different loaders: train (imagefolder) and test (audiofolder)',
  );
});

test('a shard whose split has no possible name cannot be loaded', () => {
  expect(viewFolder(['data/my-split-00000-of-00001.parquet']).failure).toContain('cannot be the name of a split');
});

test('extensions count in lower and upper case, and may be followed by another', () => {
  expect(droppedOf(['a.jpg', 'b.JPG', 'c.Jpg', 'd.jpg.gz', 'notes', 'x.npy', 'metadata.JSONL'])).toEqual({
    extension: ['c.Jpg', 'notes', 'x.npy', 'metadata.JSONL'],
  });
});

test('files of another kind than the loader reads are dropped', () => {
  const files = ['a.jpg', 'b.jpg', 'a.txt', 'metadata.json1', 'metadata1000.jsonl', 'labels.csv'];
  expect(droppedOf(files)).toEqual({
    'other-loader': ['a.txt', 'metadata1000.jsonl', 'labels.csv'],
    extension: ['metadata.json1'],
  });
});

test('folders that begin with two underscores are dropped, settings are none of its files', () => {
  const view = viewFolder(['a.jpg', '__skipped__/b.jpg', 'config.json', 'README.md', 'dataset_infos.json']);
  expect(Object.fromEntries(view.dropped)).toEqual({ 'special-folder': ['__skipped__/b.jpg'] });
  expect(view.files).toBe(2);
});

test('metadata in the root is dropped when folders name the splits', () => {
  const view = viewFolder(['metadata.csv', 'train/a/1.png', 'train/b/2.png', 'test/a/3.png']);
  expect(Object.fromEntries(view.dropped)).toEqual({ 'no-split-in-path': ['metadata.csv'] });
  expect(view.metadata).toEqual([]);
  expect(view.classes).toEqual(['a', 'b']);
});

test('with metadata only the files that its rows name are loaded', () => {
  const files = ['train/metadata.csv', 'train/1.png', 'train/2.png', 'test/3.png', 'test/metadata.csv', 'train/x.txt'];
  const view = viewFolder(files, { named: new Set(['train/1.png', 'test/3.png']) });
  expect(Object.fromEntries(view.splits)).toEqual({ train: ['train/1.png'], test: ['test/3.png'] });
  expect(Object.fromEntries(view.dropped)).toEqual({
    'other-loader': ['train/x.txt'],
    'not-in-metadata': ['train/2.png'],
  });
  expect(view.classes).toEqual([]);
});

test('a split without metadata is empty when another has some', () => {
  const view = viewFolder(['train/metadata.csv', 'train/1.png', 'test/2.png']);
  expect(Object.fromEntries(view.splits)).toEqual({ train: ['train/1.png'], test: [] });
  expect(Object.fromEntries(view.dropped)).toEqual({ 'split-without-metadata': ['test/2.png'] });
});

test('metadata files of two formats cannot be loaded', () => {
  expect(viewFolder(['a/metadata.csv', 'b/metadata.jsonl', 'a/1.png', 'b/2.png']).failure).toBe(
    'its metadata files have several formats (.csv, .jsonl)',
  );
});

test('classes come from folders of one depth only', () => {
  expect(viewFolder(['a/1.png', 'b/2.png']).classes).toEqual(['a', 'b']);
  expect(viewFolder(['a/1.png', 'b/c/2.png']).classes).toEqual([]);
  expect(viewFolder(['a/1.png', 'a/2.png']).classes).toEqual([]);
});

const README = `---
license: mit
configs:
- config_name: small
  data_files: small/*.csv
- config_name: all
  default: true
  data_files:
  - split: train
    path: [ "a/*.png", "b/**" ]
  - split: held_out
    path: c/?.png
---
# A dataset`;

test('the README decides which files are data', () => {
  const files = ['README.md', 'a/1.png', 'a/x/2.png', 'b/x/3.png', 'c/4.png', 'c/55.png', 'small/t.csv'];
  expect(splitsOf(files, README)).toEqual({ train: ['a/1.png', 'b/x/3.png'], held_out: ['c/4.png'] });
  expect(droppedOf(files, README)).toEqual({ 'not-in-data-files': ['a/x/2.png', 'c/55.png', 'small/t.csv'] });
});

test('a README may name a folder, and a file that is not there', () => {
  const inFolder = '---\nconfigs:\n- config_name: default\n  data_dir: ./v2/\n---\n';
  expect(splitsOf(['v1/train/1.png', 'v2/train/2.png'], inFolder)).toEqual({ train: ['v2/train/2.png'] });
  const missing = '---\nconfigs:\n- config_name: default\n  data_files: all.csv\n---\n';
  expect(viewFolder(['train.csv'], { readme: missing }).failure).toBe('"all.csv" is not there');
});

test('a README without data files changes nothing', () => {
  for (const readme of [
    '# Title',
    '---\nlicense: mit\n---\n',
    '---\n: [\n---\n',
    '---\nconfigs: 3\n---\n',
    '---\n---',
  ]) {
    expect(splitsOf(['train/1.png', 'test/2.png'], readme)).toEqual({ train: ['train/1.png'], test: ['test/2.png'] });
  }
});

test('says in a sentence what would be dropped', () => {
  expect(summarise(viewFolder(['train/1.png', 'test/2.png']))).toBe(
    'Hugging Face `imagefolder` would load all 2 files (train 1, test 1).',
  );
  expect(summarise(viewFolder(['train/1.png', 'extra/2.png', 'train/x.npy']))).toBe(
    'Hugging Face `imagefolder` would drop 2 of 3 files: 1 without a split in the path, though others name one; 1 with an extension that no loader takes (a mixed case such as ".Jpg" is none). It would load train 1.',
  );
  expect(summarise(viewFolder([]))).toBe('Hugging Face `datasets` would not load this folder: it holds no data file.');
});

test('names the dropped files by reason and folder, and whether they are kept', () => {
  const view = viewFolder(['train/1.png', 'a/1.png', 'a/2.png', 'a/3.png', 'a/4.png', 'b/1.png']);
  expect(problemsOf(view, (path) => path.startsWith('a/'))).toEqual([
    {
      kind: 'dropped-by-hugging-face',
      severity: 'information',
      where: 'a',
      sentence:
        'Hugging Face `imagefolder` drops 4 files below a without a split in the path, though others name one: a/1.png, a/2.png, a/3.png and others. PairLab keeps them.',
      items: ['a/1.png', 'a/2.png', 'a/3.png'],
    },
    expect.objectContaining({ where: 'b', items: [] }),
  ]);
});

const path = fc
  .array(fc.constantFrom('train', 'test', 'dev2', '__x', 'a b', '.h', 'data', 'é'), { maxLength: 3 })
  .chain((folders) =>
    fc
      .constantFrom(
        '1.png',
        'x.JPG',
        'train.csv',
        'metadata.csv',
        'metadata.jsonl',
        'README.md',
        'n',
        'a-00000-of-00001.x',
        'z.zip',
      )
      .map((name) => [...folders, name].join('/')),
  );

test('every file is loaded, is metadata, is an archive or is dropped for one reason, whatever the names', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(path, fc.string({ minLength: 1 }))), fc.option(fc.string()), (paths, text) => {
      const view = viewFolder(paths, { readme: text ?? undefined });
      const dropped = [...view.dropped.values()].flat();
      expect(new Set(dropped).size).toBe(dropped.length);
      const loaded = [...view.splits.values()].flat();
      expect(dropped.filter((file) => loaded.includes(file))).toEqual([]);
      if (view.failure !== undefined) return;
      const explained = new Set([...dropped, ...loaded, ...view.metadata]);
      for (const file of paths) {
        const isSetting = /(^|\/)(README\.md|config\.json|dataset_infos?\.json|dummy_data\.zip|dataset_dict\.json)$/;
        expect(explained.has(file) || isSetting.test(file) || file.endsWith('.zip')).toBe(true);
      }
      problemsOf(view, () => false);
      summarise(view);
    }),
  );
});
