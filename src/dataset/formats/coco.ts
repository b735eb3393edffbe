import { join } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderHolding, jsonFilesOf, splitIn } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, ImageCaptions, pathOf, readEntries } from './captions.ts';
import { CaptionTable } from './captionTable.ts';
import { type Candidate, type Folder, type Format, inList } from './format.ts';
import { headOfList } from './jsonElements.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';

const CocoPairing = z.strictObject({
  layout: z.literal('coco-captions'),
  annotations: z.array(ImageCaptions).min(1),
});
type CocoPairing = z.infer<typeof CocoPairing>;

const Id = z.union([z.number(), z.string()]).transform(String);
const Image = z.object({ id: Id, file_name: z.string().min(1) });
const Annotation = z.object({ id: Id, image_id: Id, caption: z.string() });

const IMAGES_LOOKED_AT = 20;

/** COCO captions: JSON files with a list of images and a list of annotations, several captions for each image. */
export const coco: Format<typeof CocoPairing> = {
  schema: CocoPairing,
  modalities: () => ['image', 'text'],
  leftOver: ({ annotations }) => `${inList(annotations.map(({ file }) => file))} does not name it`,
  propose: proposeCoco,
  read: readCoco,
};

async function readCoco({ annotations }: CocoPairing, staging: Staging, job: Job): Promise<void> {
  const captions = await CaptionTable.create(staging, 'image');
  for (const part of annotations) {
    await claimFile(staging, part.file);
    const images = await readImages(part, captions, staging, job);
    await readCaptions(part, images, captions, staging, job);
  }
  await captions.finish(job.signal);
}

/** The paths of the images by their ids. */
async function readImages(
  part: ImageCaptions,
  captions: CaptionTable,
  staging: Staging,
  { signal }: Job,
): Promise<Map<string, string>> {
  const { file, split } = part;
  const images = new Map<string, string>();
  for await (const { spot, entry } of readEntries(staging, file, 'images', Image, signal)) {
    const path = pathOf(staging, spot, entry.file_name, part.images);
    if (path === undefined) continue;
    if (images.has(entry.id)) {
      addFault(staging, spot, 'bad-row', `repeats the id ${entry.id} of another image: give it one of its own`);
      continue;
    }
    images.set(entry.id, path);
    captions.list(spot, { path, split });
  }
  return images;
}

async function readCaptions(
  { file, split }: ImageCaptions,
  images: ReadonlyMap<string, string>,
  captions: CaptionTable,
  staging: Staging,
  { signal }: Job,
): Promise<void> {
  const seen = new Set<string>();
  for await (const { spot, entry } of readEntries(staging, file, 'annotations', Annotation, signal)) {
    const path = images.get(entry.image_id);
    if (seen.has(entry.id)) {
      addFault(staging, spot, 'bad-row', `repeats the id ${entry.id} of another annotation: give it one of its own`);
    } else if (path === undefined) {
      addFault(staging, spot, 'bad-row', `names the image ${entry.image_id}, which "images" lacks: add or delete it`);
    } else {
      captions.add({ ...spot, mark: entry.id }, { path, split }, entry.caption, `${bareName(path)}#${entry.id}`);
    }
    seen.add(entry.id);
  }
}

/** One candidate for each edition: the files that differ in the name of their split only. */
async function proposeCoco(folder: Folder): Promise<Candidate<CocoPairing>[]> {
  const editions = new Map<string, ImageCaptions[]>();
  for (const file of jsonFilesOf(folder.files, /captions/)) {
    const part = await partOf(folder, file);
    if (part === undefined) continue;
    const edition = part.split === undefined ? file : file.replaceAll(part.split, '');
    editions.set(edition, [...(editions.get(edition) ?? []), part]);
  }
  return [...editions.values()].map((annotations) => ({
    pairing: { layout: 'coco-captions', annotations },
    description: `COCO captions: ${inList(annotations.map(({ file }) => file))}`,
    reasons: {
      layout: 'Each annotation is a pair of its image and its caption; an image may have several.',
      annotations: 'The files, their splits as their names tell them, and the folders that hold the images.',
    },
  }));
}

/** Absent when the file is of another kind or its images are not there. */
async function partOf({ root, files }: Folder, file: string): Promise<ImageCaptions | undefined> {
  const names = (await headOfList(join(root, file), 'images', IMAGES_LOOKED_AT))
    .map((image) => Image.safeParse(image).data?.file_name)
    .filter((name) => name !== undefined);
  const images = folderHolding(names, files);
  if (images === undefined) return undefined;
  const [annotation] = await headOfList(join(root, file), 'annotations', 1);
  if (!Annotation.safeParse(annotation).success) return undefined;
  const split = splitIn(file);
  return { file, split, images };
}
