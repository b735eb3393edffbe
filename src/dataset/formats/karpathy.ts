import { join } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderHolding, jsonFilesOf } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, Below, lackOf, pathOf, readEntries, type Spot } from './captions.ts';
import { CaptionTable, type Medium } from './captionTable.ts';
import type { Candidate, Folder, Format } from './format.ts';
import { headOfList } from './jsonElements.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';

const KarpathyPairing = z.strictObject({
  layout: z.literal('karpathy'),
  file: Below,
  images: Below.describe('the folder that the file names are relative to'),
});
type KarpathyPairing = z.infer<typeof KarpathyPairing>;

const Id = z.union([z.number(), z.string()]).transform(String);
const Image = z.object({
  filename: z.string().min(1),
  filepath: z.string().optional(),
  split: z.string().optional(),
  sentences: z.array(z.unknown()),
});
type Image = z.infer<typeof Image>;
const Sentence = z.object({ raw: z.string(), sentid: Id });

const IMAGES_LOOKED_AT = 20;

/**
 * The splits of Karpathy and Fei-Fei (2015) for COCO, Flickr8k and Flickr30k: one JSON file with a list of images, each
 * with its split and its sentences. The split "restval" counts as train, as in the papers that use it.
 */
export const karpathy: Format<typeof KarpathyPairing> = {
  schema: KarpathyPairing,
  modalities: () => ['image', 'text'],
  leftOver: ({ file }) => `${file} does not name it`,
  propose: proposeKarpathy,
  read: readKarpathy,
};

async function readKarpathy(pairing: KarpathyPairing, staging: Staging, { signal }: Job): Promise<void> {
  await claimFile(staging, pairing.file);
  const captions = await CaptionTable.create(staging, 'image');
  const reader = { captions, staging, seen: new Set<string>() };
  for await (const { spot, entry } of readEntries(staging, pairing.file, 'images', Image, signal)) {
    const path = pathOf(staging, spot, nameOf(entry), pairing.images);
    if (path === undefined) continue;
    const split = entry.split === 'restval' ? 'train' : entry.split;
    const image = { path, split };
    captions.list(spot, image);
    for (const [index, sentence] of entry.sentences.entries()) {
      const place = `${spot.mark}.sentences[${index}]`;
      readSentence(sentence, image, { ...spot, mark: place, words: place }, reader);
    }
  }
  await captions.finish(signal);
}

interface Reader {
  readonly captions: CaptionTable;
  readonly staging: Staging;
  /** Ids of sentences. */
  readonly seen: Set<string>;
}

function readSentence(value: unknown, image: Medium, spot: Spot, { captions, staging, seen }: Reader): void {
  const sentence = Sentence.safeParse(value);
  if (!sentence.success) {
    addFault(staging, spot, 'bad-row', lackOf(sentence.error));
    return;
  }
  const { raw, sentid } = sentence.data;
  if (seen.has(sentid)) {
    addFault(staging, spot, 'bad-row', `repeats the sentid ${sentid} of another sentence: give it one of its own`);
    return;
  }
  seen.add(sentid);
  captions.add({ ...spot, mark: sentid }, image, raw, `${bareName(image.path)}#${sentid}`);
}

function nameOf({ filepath, filename }: Image): string {
  return filepath === undefined ? filename : `${filepath}/${filename}`;
}

async function proposeKarpathy({ root, files }: Folder): Promise<Candidate<KarpathyPairing>[]> {
  const candidates: Candidate<KarpathyPairing>[] = [];
  for (const file of jsonFilesOf(files, /^dataset/)) {
    const entries = (await headOfList(join(root, file), 'images', IMAGES_LOOKED_AT)).map((entry) =>
      Image.safeParse(entry),
    );
    const names = entries.flatMap(({ data }) => (data === undefined ? [] : [nameOf(data)]));
    const images = folderHolding(names, files);
    if (images === undefined) continue;
    candidates.push({
      pairing: { layout: 'karpathy', file, images },
      description: `Karpathy splits: ${file}`,
      reasons: {
        layout: 'Each sentence is a pair with its image. The split "restval" counts as train, as is usual.',
        file: 'All sentences of an image are kept; published retrieval figures use the first five of each image.',
        images: 'The folder that the names in the file are relative to.',
      },
    });
  }
  return candidates;
}
