import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pairing } from '../../../../src/dataset/formats/formats.ts';
import { npyOf, npyRows } from '../../container/arraysOf.ts';
import { tarOf } from '../../container/tarOf.ts';
import { zipOf } from '../../container/zipOf.ts';
import { writeParquetFile } from '../formats/parquetFile.ts';
import { type Files, picture, sound } from '../place.ts';

/** What every caption says. */
export const WORDS = 'a secret caption';

/** A small dataset of a layout. */
export interface Layout {
  readonly pairing: Pairing;
  /** Names of media that its rows give, each once; it pairs those that are there. Vectors have none. */
  readonly extension: '.png' | '.wav' | '';
  /** Files that it opens itself. */
  readonly own: readonly string[];
  /** All of its files. `names` are of media in the folder `media`. */
  files(names: readonly string[]): Promise<Files> | Files;
}

const json = (value: unknown): string => JSON.stringify(value);
const csv = (...cells: string[]): string => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
const sql = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\0', "' || chr(0) || '")}'`;
const bare = (name: string): string => name.replace(/\.[^./]*$/, '');
const strength = 'strong';

async function parquet(select: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-parquet-'));
  try {
    await writeParquetFile(join(folder, 'x.parquet'), select);
    return await readFile(join(folder, 'x.parquet'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function rows(names: readonly string[], columns: (name: string) => string): Promise<Buffer> {
  return await parquet(names.map((name) => `SELECT ${columns(name)}`).join(' UNION ALL '));
}

const imageCaptions = (file: string) => [{ file, images: 'media' }];
const soundCaptions = (file: string) => [{ file, audio: 'media' }];
const vectorsOf = (): Buffer =>
  npyRows([
    [1, 2],
    [3, 4],
  ]);

export const LAYOUTS: readonly Layout[] = [
  {
    pairing: {
      layout: 'stem',
      items: { image: 'media/{stem}', text: 'words/{stem}' },
      stem: 'up-to-last-dot',
      strength,
    },
    extension: '',
    own: ['words/a.txt'],
    files: async () => ({ 'media/a.png': await picture(1), 'words/a.txt': WORDS }),
  },
  {
    pairing: { layout: 'class-folders', items: { image: 'media/{class}/{stem}', text: 'words/{class}/{stem}' } },
    extension: '',
    own: ['words/c/a.txt'],
    files: async () => ({ 'media/c/a.png': await picture(1), 'words/c/a.txt': WORDS }),
  },
  {
    pairing: {
      layout: 'table',
      file: 'pairs.csv',
      items: { image: { path: 'file', folder: 'media' }, text: { cell: 'words' } },
      strength,
    },
    extension: '.png',
    own: ['pairs.csv'],
    files: (names) => ({ 'pairs.csv': csv('file', 'words') + names.map((name) => csv(name, WORDS)).join('') }),
  },
  {
    pairing: {
      layout: 'croissant',
      file: 'croissant.json',
      records: 'rows',
      items: { image: ['rows/file'], text: ['rows/words'] },
      strength,
    },
    extension: '.png',
    own: ['croissant.json', 'media/pairs.csv'],
    files: (names) => ({
      'media/pairs.csv': csv('file', 'words') + names.map((name) => csv(name, WORDS)).join(''),
      'croissant.json': croissantOf(),
    }),
  },
  {
    pairing: { layout: 'hugging-face-folder', items: { image: ['file_name'], text: ['text'] }, strength },
    extension: '.png',
    own: ['media/metadata.jsonl'],
    files: (names) => ({
      'media/metadata.jsonl': names.map((name) => `${json({ file_name: name, text: WORDS })}\n`).join(''),
    }),
  },
  {
    pairing: {
      layout: 'hugging-face-table',
      files: 'media/*.parquet',
      items: { image: 'image', text: 'text' },
      strength,
    },
    extension: '.png',
    own: ['media/a.parquet'],
    files: async (names) => ({
      'media/a.parquet': await rows(
        names,
        (name) => `{bytes: NULL::BLOB, path: ${sql(name)}} AS image, '${WORDS}' AS text`,
      ),
    }),
  },
  {
    pairing: { layout: 'audiocaps', captions: [{ file: 'a.csv', audio: 'media/{youtube_id}' }] },
    extension: '.wav',
    own: ['a.csv'],
    files: (names) => ({
      'a.csv':
        csv('audiocap_id', 'youtube_id', 'start_time', 'caption') +
        names.map((name, index) => csv(String(index), bare(name), '1', WORDS)).join(''),
    }),
  },
  {
    pairing: { layout: 'clotho', captions: soundCaptions('a.csv') },
    extension: '.wav',
    own: ['a.csv'],
    files: (names) => ({ 'a.csv': csv('file_name', 'caption_1') + names.map((name) => csv(name, WORDS)).join('') }),
  },
  {
    pairing: { layout: 'coco-captions', annotations: imageCaptions('a.json') },
    extension: '.png',
    own: ['a.json'],
    files: (names) => ({
      'a.json': json({
        images: names.map((name, id) => ({ id, file_name: name })),
        annotations: names.map((_, id) => ({ id, image_id: id, caption: WORDS })),
      }),
    }),
  },
  {
    pairing: { layout: 'common-voice', transcripts: soundCaptions('a.tsv') },
    extension: '.wav',
    own: ['a.tsv'],
    files: (names) => ({
      'a.tsv': `client_id\tpath\tsentence\n${names.map((name) => `c\t${name}\t${WORDS}\n`).join('')}`,
    }),
  },
  {
    pairing: { layout: 'flickr', file: 'a.token', images: 'media', splits: { train: 'train.txt' } },
    extension: '.png',
    own: ['a.token', 'train.txt'],
    files: (names) => ({
      'a.token': names.map((name) => `${name}#0\t${WORDS}\n`).join(''),
      'train.txt': names.map((name) => `${name}\n`).join(''),
    }),
  },
  {
    pairing: { layout: 'kaldi', transcripts: [{ folder: 'train', audio: 'media' }] },
    extension: '.wav',
    own: ['train/wav.scp', 'train/text'],
    files: (names) => ({
      'train/wav.scp': names.map((name, index) => `u${index} ${name}\n`).join(''),
      'train/text': names.map((_, index) => `u${index} ${WORDS}\n`).join(''),
    }),
  },
  {
    pairing: { layout: 'karpathy', file: 'a.json', images: 'media' },
    extension: '.png',
    own: ['a.json'],
    files: (names) => ({
      'a.json': json({
        images: names.flatMap((name, sentid) => [
          { filename: name, split: 'train', sentences: [{ raw: WORDS, sentid }] },
          { filepath: name, filename: 'a.png', split: 'train', sentences: [{ raw: WORDS, sentid: `in${sentid}` }] },
        ]),
      }),
    }),
  },
  {
    pairing: { layout: 'librispeech' },
    extension: '.wav',
    own: ['media/1/2/1-2.trans.txt'],
    files: (names) => ({
      'media/1/2/1-2.trans.txt': names.map((name) => `${bare(name)} ${WORDS}\n`).join(''),
      'media/1/2/a.wav': sound(),
    }),
  },
  {
    pairing: { layout: 'ljspeech', file: 'metadata.csv', audio: 'media', text: 'raw' },
    extension: '.wav',
    own: ['metadata.csv'],
    files: (names) => ({ 'metadata.csv': names.map((name) => `${bare(name)}|${WORDS}|${WORDS}\n`).join('') }),
  },
  {
    pairing: { layout: 'nemo', transcripts: soundCaptions('a.json') },
    extension: '.wav',
    own: ['a.json'],
    files: (names) => ({
      'a.json': names.map((name) => `${json({ audio_filepath: name, text: WORDS, duration: 0.2 })}\n`).join(''),
    }),
  },
  {
    pairing: { layout: 'open-clip', captions: imageCaptions('a.csv') },
    extension: '.png',
    own: ['a.csv'],
    files: (names) => ({ 'a.csv': `filepath\ttitle\n${names.map((name) => `${name}\t${WORDS}\n`).join('')}` }),
  },
  {
    pairing: {
      layout: 'webdataset',
      shards: '*.tar',
      items: { image: ['png'], text: ['txt'] },
      stem: 'up-to-first-dot',
      strength,
    },
    extension: '.png',
    own: ['0.tar'],
    files: async (names) => {
      const image = await picture(1);
      return {
        '0.tar': tarOf(
          names
            .filter((name) => Buffer.byteLength(name) <= 100)
            .flatMap((name) => [
              { name, content: image },
              { name: `${bare(name)}.txt`, content: WORDS },
            ]),
        ),
      };
    },
  },
  {
    pairing: {
      layout: 'vectors',
      items: { image: { files: 'a.npy' }, text: { files: 'b.npy' } },
      ids: 'ids.txt',
      strength,
    },
    extension: '',
    own: ['a.npy', 'b.npy', 'ids.txt'],
    files: () => ({ 'a.npy': vectorsOf(), 'b.npy': vectorsOf(), 'ids.txt': `${WORDS}\n2\n` }),
  },
  {
    pairing: { layout: 'img2dataset', tables: '*.parquet', strength },
    extension: '.png',
    own: ['media.parquet'],
    files: async (names) => ({
      'media.parquet': await rows(
        names,
        (name) =>
          `${sql(bare(name))} AS key, 'success' AS status, NULL::VARCHAR AS error_message, '${WORDS}' AS caption`,
      ),
    }),
  },
  {
    pairing: { layout: 'datacomp', tables: '*.parquet', vectors: 'l14', subset: 's.npy', strength },
    extension: '',
    own: ['a.parquet', 'a.npz', 's.npy'],
    files: async () => ({
      'a.parquet': await parquet(`SELECT '0000000000000001000000000000000f' AS uid, '${WORDS}' AS text`),
      'a.npz': zipOf({ 'l14_img.npy': npyRows([[1, 2]]), 'l14_txt.npy': npyRows([[3, 4]]) }),
      's.npy': npyOf("[('f0', '<u8'), ('f1', '<u8')]", [1], Buffer.from('01000000000000000f00000000000000', 'hex')),
    }),
  },
];

function croissantOf(): string {
  const field = (column: string, dataType: string) => ({
    '@type': 'cr:Field',
    '@id': `rows/${column}`,
    dataType,
    source: { fileObject: { '@id': 'pairs.csv' }, extract: { column } },
  });
  return json({
    '@context': { '@vocab': 'https://schema.org/', cr: 'http://mlcommons.org/croissant/' },
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    name: 'trust',
    license: 'None',
    distribution: [
      {
        '@type': 'cr:FileObject',
        '@id': 'pairs.csv',
        name: 'pairs.csv',
        contentUrl: 'media/pairs.csv',
        encodingFormat: 'text/csv',
      },
    ],
    recordSet: [
      {
        '@type': 'cr:RecordSet',
        '@id': 'rows',
        field: [field('file', 'sc:ImageObject'), field('words', 'sc:Text')],
      },
    ],
  });
}
