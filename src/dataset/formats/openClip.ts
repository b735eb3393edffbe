import { extname, join } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderHolding, headRows, splitIn } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, atRow, ImageCaptions, pathOf } from './captions.ts';
import { CaptionTable } from './captionTable.ts';
import { type Candidate, type Folder, type Format, inList } from './format.ts';
import { headOf } from './lines.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';
import { readRows } from './rows.ts';
import type { TableRow } from './tableRow.ts';

const OpenClipPairing = z.strictObject({ layout: z.literal('open-clip'), captions: z.array(ImageCaptions).min(1) });
type OpenClipPairing = z.infer<typeof OpenClipPairing>;

const ROWS_LOOKED_AT = 20;
const MANY = 50;

/** Tables for training with open_clip: separated by tabs unless told otherwise, with the columns filepath and title. */
export const openClip: Format<typeof OpenClipPairing> = {
  schema: OpenClipPairing,
  modalities: () => ['image', 'text'],
  leftOver: ({ captions }) => `no row of ${inList(captions.map(({ file }) => file))} names it`,
  propose: proposeOpenClip,
  read: readOpenClip,
};

async function readOpenClip(pairing: OpenClipPairing, staging: Staging, { signal }: Job): Promise<void> {
  const captions = await CaptionTable.create(staging, 'image');
  for (const part of pairing.captions) {
    const path = await claimFile(staging, part.file);
    for await (const row of readRows(path, signal)) readRow(row, part, captions, staging);
  }
  await captions.finish(signal);
}

function readRow(
  row: TableRow,
  { file, split, images }: ImageCaptions,
  captions: CaptionTable,
  staging: Staging,
): void {
  const spot = atRow(file, row);
  const name = 'cells' in row ? row.cells.get('filepath') : undefined;
  if ('fault' in row) addFault(staging, spot, 'bad-row', row.fault);
  else if (name === undefined) {
    addFault(staging, spot, 'bad-row', 'has nothing in the column "filepath": fill it in or delete the row');
  } else {
    const path = pathOf(staging, spot, name, images);
    if (path === undefined) return;
    captions.add(spot, { path, split }, unquoted(row.cells.get('title') ?? '', file), bareName(path));
  }
}

/** open_clip reads quotes in files of any name, whereas a TSV file has none in general. */
function unquoted(cell: string, file: string): string {
  const isQuoted = extname(file).toLowerCase() === '.tsv' && /^".*"$/s.test(cell);
  return isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

async function proposeOpenClip({ root, files }: Folder): Promise<Candidate<OpenClipPairing>[]> {
  const captions: ImageCaptions[] = [];
  const tables = files.map(({ path }) => path).filter((path) => /\.(csv|tsv)$/i.test(path));
  for (const file of tables.slice(0, MANY)) {
    const [header = ''] = await headOf(join(root, file), 1);
    if (!/\bfilepath\b/.test(header) || !/\btitle\b/.test(header)) continue;
    const rows = await headRows(join(root, file), ROWS_LOOKED_AT);
    const images = folderHolding(
      rows.flatMap((cells) => cells.get('filepath') ?? []),
      files,
    );
    const split = splitIn(file);
    if (images !== undefined) captions.push({ file, split, images });
  }
  if (captions.length === 0) return [];
  return [
    {
      pairing: { layout: 'open-clip', captions },
      description: `open_clip: ${inList(captions.map(({ file }) => file))}`,
      reasons: {
        layout: 'Each row is a pair of the image that "filepath" names and the caption in "title".',
        captions: 'The tables, their splits as their names tell them, and the folders that the paths are relative to.',
      },
    },
  ];
}
