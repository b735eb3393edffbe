import { join, posix } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import { folderHolding, headRows } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, atRow, Below, pathOf, SoundCaptions, soundsBy } from './captions.ts';
import { CaptionTable } from './captionTable.ts';
import { type Candidate, type Folder, type Format, inList } from './format.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';
import { readColumns, readRows } from './rows.ts';
import type { TableRow } from './tableRow.ts';

const Captions = SoundCaptions.extend({
  metadata: Below.optional().describe('the table that tells which recording a sound was cut from'),
});
type Captions = z.infer<typeof Captions>;

const ClothoPairing = z.strictObject({ layout: z.literal('clotho'), captions: z.array(Captions).min(1) });
type ClothoPairing = z.infer<typeof ClothoPairing>;

const CAPTION_FILE = /^clotho_captions_(\w+)\.csv$/;
const CAPTION_COLUMN = /^caption_\d+$/;
const ROWS_LOOKED_AT = 100;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', lt: '<', gt: '>', apos: "'", '#39': "'" };

/** Clotho: tables with a sound and five captions in each row; every caption is a pair. */
export const clotho: Format<typeof ClothoPairing> = {
  schema: ClothoPairing,
  modalities: () => ['audio', 'text'],
  leftOver: ({ captions }) => `no row of ${inList(captions.map(({ file }) => file))} names it`,
  propose: proposeClotho,
  read: readClotho,
};

async function readClotho(pairing: ClothoPairing, staging: Staging, { signal }: Job): Promise<void> {
  const captions = await CaptionTable.create(staging, 'audio');
  const sounds = await soundsBy(plain, staging, signal);
  for (const part of pairing.captions) {
    const path = await claimFile(staging, part.file);
    const columns = (await readColumns(path)).filter((name) => CAPTION_COLUMN.test(name));
    if (columns.length === 0) {
      throw new InputError(
        `The table ${path} has no column "caption_1": it is not of Clotho. Correct the dataset file.`,
      );
    }
    const sources = await readSources(part, staging, signal);
    const reader = { part, columns, captions, sounds, sources, staging };
    for await (const row of readRows(path, signal)) readRow(row, reader);
  }
  await captions.finish(signal);
}

interface Reader {
  readonly part: Captions;
  readonly columns: readonly string[];
  readonly captions: CaptionTable;
  readonly sounds: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, string>;
  readonly staging: Staging;
}

function readRow(row: TableRow, { part, columns, captions, sounds, sources, staging }: Reader): void {
  const spot = atRow(part.file, row);
  if ('fault' in row) {
    addFault(staging, spot, 'bad-row', row.fault);
    return;
  }
  const name = row.cells.get('file_name');
  if (name === undefined) {
    addFault(staging, spot, 'bad-row', 'has nothing in the column "file_name": fill it in or delete the row');
    return;
  }
  const named = pathOf(staging, spot, name, part.audio);
  if (named === undefined) return;
  const path = sounds.get(plain(named)) ?? named;
  const sound = { path, split: part.split, source: sources.get(plain(name)) };
  captions.list(spot, sound);
  for (const column of columns) {
    const key = `${bareName(path)}#${column.replace('caption_', '')}`;
    captions.add(atRow(part.file, row, column), sound, row.cells.get(column) ?? '', key);
  }
}

/** A name without entities: a table may say `a &amp; b.wav` where the file is `a & b.wav`, or the reverse. */
function plain(name: string): string {
  return name.replace(/&(\w+|#39);/g, (entity, word: string) => ENTITIES[word] ?? entity).normalize('NFC');
}

/** The ids of the recordings on Freesound that the sounds were cut from. */
async function readSources(
  { metadata }: Captions,
  staging: Staging,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  if (metadata === undefined) return sources;
  for await (const row of readRows(await claimFile(staging, metadata), signal)) {
    if ('fault' in row) {
      addFault(staging, atRow(metadata, row), 'bad-row', row.fault);
      continue;
    }
    const [name, source = ''] = [row.cells.get('file_name'), row.cells.get('sound_id')];
    if (name !== undefined && /^\d+$/.test(source)) sources.set(plain(name), source);
  }
  return sources;
}

async function proposeClotho({ root, files }: Folder): Promise<Candidate<ClothoPairing>[]> {
  const captions: Captions[] = [];
  for (const { path: file } of files) {
    const split = CAPTION_FILE.exec(posix.basename(file))?.[1];
    if (split === undefined) continue;
    const rows = await headRows(join(root, file), ROWS_LOOKED_AT);
    const names = rows.flatMap((cells) => cells.get('file_name') ?? []);
    const audio = folderHolding(names, files) ?? folderHolding(names.map(plain), files);
    const metadata = posix.join(posix.dirname(file), `clotho_metadata_${split}.csv`);
    const hasMetadata = files.some(({ path }) => path === metadata);
    if (audio !== undefined) captions.push({ file, split, audio, metadata: hasMetadata ? metadata : undefined });
  }
  if (captions.length === 0) return [];
  return [
    {
      pairing: { layout: 'clotho', captions },
      description: `Clotho: ${inList(captions.map(({ file }) => file))}`,
      reasons: {
        layout: 'Each row names a sound and holds five captions of it; every caption is a pair.',
        captions:
          'The tables, their splits, the folders of the sounds, and tables that tell where a sound was cut from.',
      },
    },
  ];
}
