import { join, posix } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderHolding } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import type { FileEntry } from '../walk.ts';
import { addFault, atLine, atRow, Below, pathOf, type Spot } from './captions.ts';
import { CaptionTable } from './captionTable.ts';
import type { Candidate, Folder, Format } from './format.ts';
import { headOf, readLines } from './lines.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';
import { readRows } from './rows.ts';

const FlickrPairing = z.strictObject({
  layout: z.literal('flickr'),
  file: Below,
  images: Below.describe('the folder that the names are relative to'),
  splits: z.record(z.string(), Below).optional().describe('by split a file that lists its images, one a line'),
});
type FlickrPairing = z.infer<typeof FlickrPairing>;

/** A caption where it stands, or why there is none. */
type Row = { readonly spot: Spot } & ({ readonly fault: string } | Caption);
interface Caption {
  readonly image: string;
  /** Which caption of the image it is. */
  readonly number: string;
  readonly caption: string;
}

const CSV_HEADER = /^"?image"?,"?caption"?\s*$/;
const PIPE_HEADER = /^\s*image(_name)?\s*\|[^|]*\|\s*(comment|caption)\s*$/;
const ROWS_LOOKED_AT = 20;
const CAPTION_FILE = /(token.*|captions|results.*)\.(token|txt|csv)$|\.token$/i;
const MANY = 50;

/**
 * The captions of Flickr8k and Flickr30k: token files (`name.jpg#0<TAB>caption`), and the tables in which they are also
 * handed on (`image_name| comment_number| comment` and `image,caption`).
 */
export const flickr: Format<typeof FlickrPairing> = {
  schema: FlickrPairing,
  modalities: () => ['image', 'text'],
  leftOver: ({ file }) => `no line of ${file} names it`,
  propose: proposeFlickr,
  read: readFlickr,
};

async function readFlickr(pairing: FlickrPairing, staging: Staging, { signal }: Job): Promise<void> {
  const path = await claimFile(staging, pairing.file);
  const captions = await CaptionTable.create(staging, 'image');
  const splits = await readSplits(pairing, staging, signal);
  for await (const row of rowsOf(pairing.file, path, signal)) {
    if ('fault' in row) {
      addFault(staging, row.spot, 'bad-row', row.fault);
      continue;
    }
    const imagePath = pathOf(staging, row.spot, row.image, pairing.images);
    if (imagePath === undefined) continue;
    const image = { path: imagePath, split: splits.get(row.image) };
    captions.add(row.spot, image, row.caption, `${bareName(row.image)}#${row.number}`);
  }
  await captions.finish(signal);
}

/** The split of each image that a list names. */
async function readSplits(
  { splits = {} }: FlickrPairing,
  staging: Staging,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for (const [split, file] of Object.entries(splits)) {
    for await (const line of readLines(await claimFile(staging, file), signal)) {
      const spot = atLine(file, line.line);
      const name = 'text' in line ? line.text.trim() : '';
      const other = known.get(name);
      if ('fault' in line) addFault(staging, spot, 'bad-row', line.fault);
      else if (other === undefined) known.set(name, split);
      else if (other !== split) {
        const fault = `names ${name}, which is in the split ${other} already: delete it in one of them`;
        addFault(staging, spot, 'bad-row', fault);
      }
    }
  }
  return known;
}

async function* rowsOf(file: string, path: string, signal: AbortSignal | undefined): AsyncGenerator<Row> {
  const [first = ''] = await headOf(path, 1);
  if (CSV_HEADER.test(first)) yield* readCsv(file, path, signal);
  else if (PIPE_HEADER.test(first)) yield* readPlain(file, path, readPipe, signal);
  else yield* readPlain(file, path, readToken, signal);
}

async function* readPlain(
  file: string,
  path: string,
  read: (text: string) => Caption | string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Row> {
  let isHeader = read === readPipe;
  for await (const line of readLines(path, signal)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const found = 'text' in line ? read(line.text) : line.fault;
    yield { spot: atLine(file, line.line), ...(typeof found === 'string' ? { fault: found } : found) };
  }
}

function readToken(text: string): Caption | string {
  const tab = text.indexOf('\t');
  const mark = text.lastIndexOf('#', tab);
  if (tab < 0 || mark < 1) return 'is no name of an image, "#", number, tab and caption: correct it or delete it';
  return { image: text.slice(0, mark), number: text.slice(mark + 1, tab), caption: text.slice(tab + 1) };
}

function readPipe(text: string): Caption | string {
  const [image = '', number, ...caption] = text.split('|');
  if (number === undefined || caption.length === 0 || image.trim() === '') {
    return 'is no name of an image, number and caption with "|" between them: correct it or delete it';
  }
  return { image: image.trim(), number: number.trim(), caption: caption.join('|') };
}

async function* readCsv(file: string, path: string, signal: AbortSignal | undefined): AsyncGenerator<Row> {
  const counts = new Map<string, number>();
  for await (const row of readRows(path, signal)) {
    const spot = atRow(file, row);
    const image = 'cells' in row ? row.cells.get('image') : undefined;
    if ('fault' in row) yield { spot, fault: row.fault };
    else if (image === undefined)
      yield { spot, fault: 'has nothing in the column "image": fill it in or delete the row' };
    else {
      const count = counts.get(image) ?? 0;
      counts.set(image, count + 1);
      yield { spot, image, number: String(count), caption: row.cells.get('caption') ?? '' };
    }
  }
}

async function proposeFlickr({ root, files }: Folder): Promise<Candidate<FlickrPairing>[]> {
  const candidates: Candidate<FlickrPairing>[] = [];
  for (const file of captionFilesOf(files)) {
    const [first = '', ...others] = await headOf(join(root, file), ROWS_LOOKED_AT);
    const names = [first, ...others].map(imageIn).filter((name) => name !== undefined);
    const images = folderHolding(names, files);
    if (images === undefined) continue;
    const splits = splitsIn(files);
    candidates.push({
      pairing: { layout: 'flickr', file, images, ...(splits.length > 0 && { splits: Object.fromEntries(splits) }) },
      description: `Flickr captions: ${file}`,
      reasons: {
        layout: 'Each line is a pair of the image that it names and its caption; an image has several.',
        images: 'The folder that the names are relative to.',
        splits: 'Lists of the images of each split.',
      },
    });
  }
  return candidates;
}

/** The shortest name first: lemmatised copies have longer ones. */
function captionFilesOf(files: readonly FileEntry[]): string[] {
  return files
    .map(({ path }) => path)
    .filter((path) => CAPTION_FILE.test(posix.basename(path)))
    .sort((a, b) => a.length - b.length)
    .slice(0, MANY);
}

function imageIn(line: string): string | undefined {
  const found = readToken(line);
  const other = typeof found === 'string' ? readPipe(line) : found;
  return typeof other === 'string' ? /^"?([^",]+\.\w+)"?,/.exec(line)?.[1] : other.image;
}

/** Flickr8k lists the images of a split in `Flickr_8k.trainImages.txt`. */
function splitsIn(files: readonly FileEntry[]): [string, string][] {
  return files.flatMap(({ path }): [string, string][] => {
    const split = /(train|dev|val|test)Images\.txt$/.exec(path)?.[1];
    return split === undefined ? [] : [[split, path]];
  });
}
