import { describe, expect, it } from 'vitest';
import { proposeDatasets } from '../../../../src/dataset/propose.ts';
import { addFiles, type Files, picture, placeWith, sound } from '../place.ts';

const json = (value: unknown): string => JSON.stringify(value);
const COMMON_VOICE = 'client_id\tpath\tsentence\n';

/** A small folder of each corpus, with the pairs that it holds. */
const CORPORA: [layout: string, pairs: number, media: readonly string[], tables: Files][] = [
  [
    'coco-captions',
    2,
    ['val2017/000000000009.jpg'],
    {
      'annotations/captions_val2017.json': json({
        images: [{ id: 9, file_name: '000000000009.jpg' }],
        annotations: [1, 2].map((id) => ({ id, image_id: 9, caption: `Caption ${id}.` })),
      }),
    },
  ],
  [
    'karpathy',
    1,
    ['val2014/a.jpg'],
    {
      'dataset_coco.json': json({
        images: [
          { filepath: 'val2014', filename: 'a.jpg', split: 'restval', sentences: [{ raw: 'A dog.', sentid: 1 }] },
        ],
      }),
    },
  ],
  ['flickr', 2, ['images/1.jpg'], { 'results.token': '1.jpg#0\tA dog .\n1.jpg#1\tA big dog .\n' }],
  [
    'open-clip',
    2,
    ['images/a.jpg', 'images/b.jpg'],
    { 'train.csv': 'filepath\ttitle\nimages/a.jpg\tA dog\nimages/b.jpg\tA cat\n' },
  ],
  [
    'audiocaps',
    1,
    ['audio/Yabc_30.wav'],
    { 'train.csv': 'audiocap_id,youtube_id,start_time,caption\n1,abc,30,A dog barks\n' },
  ],
  [
    'clotho',
    2,
    ['development/a b.wav'],
    { 'clotho_captions_development.csv': 'file_name,caption_1,caption_2\na b.wav,A dog barks,A dog\n' },
  ],
  [
    'librispeech',
    1,
    ['dev-clean/1272/128104/1272-128104-0000.wav'],
    { 'dev-clean/1272/128104/1272-128104.trans.txt': '1272-128104-0000 MISTER QUILTER\n' },
  ],
  ['ljspeech', 1, ['wavs/LJ001-0001.wav'], { 'metadata.csv': 'LJ001-0001|the "first|the "first\n' }],
  [
    'common-voice',
    1,
    ['en/clips/a.wav'],
    { 'en/train.tsv': `${COMMON_VOICE}c\ta.wav\tHello\n`, 'en/validated.tsv': `${COMMON_VOICE}c\ta.wav\tHello\n` },
  ],
  [
    'nemo',
    2,
    ['wavs/a.wav'],
    {
      'train_manifest.jsonl': [0, 1]
        .map((offset) => `${json({ audio_filepath: 'wavs/a.wav', text: `word ${offset}`, offset, duration: 1 })}\n`)
        .join(''),
    },
  ],
  ['kaldi', 1, ['wavs/a.wav'], { 'data/train/wav.scp': 'u1 wavs/a.wav\n', 'data/train/text': 'u1 hello\n' }],
];

describe('looking at a folder', () => {
  it.each(CORPORA)('proposes %s where its files are', async (layout, pairs, media, tables) => {
    const folder = await placeWith(tables);
    for (const [index, path] of media.entries()) {
      await addFiles(folder, { [path]: path.endsWith('.wav') ? sound({ samples: [index, 1] }) : await picture(index) });
    }
    const [best] = await proposeDatasets(folder);
    expect(best).toMatchObject({ layout, matched: pairs + (layout === 'nemo' ? pairs : media.length), unmatched: 0 });
  });
});
