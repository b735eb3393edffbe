import { join, posix } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderOfSounds, headRows, splitIn } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, atRow, Below, pathOf, soundsBy, withoutExtension } from './captions.ts';
import { CaptionTable } from './captionTable.ts';
import { type Candidate, type Folder, type Format, inList } from './format.ts';
import { headOf } from './lines.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';
import { placeholdersOf } from './pattern.ts';
import { readRows } from './rows.ts';
import type { TableRow } from './tableRow.ts';

const COLUMNS = ['audiocap_id', 'youtube_id', 'start_time'];

const Captions = z.strictObject({
  file: Below,
  split: z.string().optional(),
  audio: Below.refine(
    (pattern) => placeholdersOf(pattern).every((name) => COLUMNS.includes(name)),
    `"audio" may contain ${inList(COLUMNS.map((name) => `{${name}}`))} only.`,
  ).describe('where the clip of a row lies, without its extension'),
});
type Captions = z.infer<typeof Captions>;

const AudioCapsPairing = z.strictObject({ layout: z.literal('audiocaps'), captions: z.array(Captions).min(1) });
type AudioCapsPairing = z.infer<typeof AudioCapsPairing>;

/** How the usual downloaders name a clip. */
const NAMINGS = [
  '{youtube_id}',
  '{youtube_id}_{start_time}',
  'Y{youtube_id}',
  'Y{youtube_id}_{start_time}',
  '{audiocap_id}',
];
const ROWS_LOOKED_AT = 100;
const MANY = 50;

/**
 * AudioCaps: tables that name clips by the id of their video and their start. They name no files, because the clips are
 * downloaded one by one and each downloader names them in its own way.
 */
export const audioCaps: Format<typeof AudioCapsPairing> = {
  schema: AudioCapsPairing,
  modalities: () => ['audio', 'text'],
  leftOver: ({ captions }) => `no row of ${inList(captions.map(({ file }) => file))} is about it`,
  propose: proposeAudioCaps,
  read: readAudioCaps,
};

async function readAudioCaps(pairing: AudioCapsPairing, staging: Staging, { signal }: Job): Promise<void> {
  const captions = await CaptionTable.create(staging, 'audio');
  const reader = { captions, sounds: await soundsBy(withoutExtension, staging, signal), staging };
  for (const part of pairing.captions) {
    const path = await claimFile(staging, part.file);
    for await (const row of readRows(path, signal)) readRow(row, part, reader);
  }
  await captions.finish(signal);
}

interface Reader {
  readonly captions: CaptionTable;
  readonly sounds: ReadonlyMap<string, string>;
  readonly staging: Staging;
}

function readRow(row: TableRow, { file, split, audio }: Captions, { captions, sounds, staging }: Reader): void {
  const spot = atRow(file, row);
  if ('fault' in row) {
    addFault(staging, spot, 'bad-row', row.fault);
    return;
  }
  const { cells } = row;
  const missing = placeholdersOf(audio).filter((name) => !cells.has(name));
  if (missing.length > 0) {
    addFault(staging, spot, 'bad-row', `has nothing in the column ${inList(missing)}: fill it in or delete the row`);
    return;
  }
  const name = pathOf(staging, spot, fill(audio, cells), '.');
  if (name === undefined) return;
  const path = sounds.get(name) ?? `${name}.wav`;
  const clip = { path, split, source: cells.get('youtube_id') };
  captions.add(spot, clip, cells.get('caption') ?? '', cells.get('audiocap_id') ?? `${bareName(path)}#${row.row}`);
}

function fill(pattern: string, cells: ReadonlyMap<string, string>): string {
  return placeholdersOf(pattern).reduce(
    (path, name) => path.replace(`{${name}}`, () => cells.get(name) ?? ''),
    pattern,
  );
}

/** One candidate for each folder of tables: an edition has one of its own. */
async function proposeAudioCaps(folder: Folder): Promise<Candidate<AudioCapsPairing>[]> {
  const editions = new Map<string, Captions[]>();
  const tables = folder.files.map(({ path }) => path).filter((path) => /\.(csv|tsv)$/i.test(path));
  for (const file of tables.slice(0, MANY)) {
    const part = await partOf(folder, file);
    if (part === undefined) continue;
    const edition = posix.dirname(file);
    editions.set(edition, [...(editions.get(edition) ?? []), part]);
  }
  return [...editions.values()].map((captions) => ({
    pairing: { layout: 'audiocaps', captions },
    description: `AudioCaps: ${inList(captions.map(({ file }) => file))}`,
    reasons: {
      layout: 'Each row is a pair of the clip of a video and its caption; a clip may have several.',
      captions: 'The tables, their splits, and where the clip of a row lies, without its extension.',
    },
  }));
}

/** Absent when the table is of another kind or its clips are not there. */
async function partOf({ root, files }: Folder, file: string): Promise<Captions | undefined> {
  const [header = ''] = await headOf(join(root, file), 1);
  if (!header.includes('youtube_id') || !header.includes('caption')) return undefined;
  const rows = await headRows(join(root, file), ROWS_LOOKED_AT);
  const [best] = NAMINGS.flatMap((naming) => {
    const found = folderOfSounds(
      rows.map((cells) => fill(naming, cells)),
      files,
    );
    return found === undefined ? [] : [{ naming, ...found }];
  }).sort((a, b) => b.count - a.count);
  if (best === undefined) return undefined;
  const split = splitIn(file);
  return { file, split, audio: posix.join(best.folder, best.naming) };
}
