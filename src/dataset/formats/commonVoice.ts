import { join, posix } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import { folderHolding } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, atLine, pathOf, SoundCaptions } from './captions.ts';
import { CaptionTable } from './captionTable.ts';
import { type Candidate, type Folder, type Format, inList } from './format.ts';
import { headOf, type Line, readLines } from './lines.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';

const CommonVoicePairing = z.strictObject({
  layout: z.literal('common-voice'),
  transcripts: z.array(SoundCaptions).min(1),
});
type CommonVoicePairing = z.infer<typeof CommonVoicePairing>;

const SPLITS = ['train', 'dev', 'test'];
const TABLE = /(^|\/)(train|dev|test|validated)\.tsv$/;
/** What a release holds beside them. Clips that these tables alone name have no split, or a wrong transcript. */
const OTHERS = [
  'validated.tsv',
  'invalidated.tsv',
  'other.tsv',
  'reported.tsv',
  'clip_durations.tsv',
  'times.txt',
  'validated_sentences.tsv',
  'unvalidated_sentences.tsv',
];
const LINES_LOOKED_AT = 20;

/** Common Voice: for each language a folder of clips and tables without quoting, whose client_id is the speaker. */
export const commonVoice: Format<typeof CommonVoicePairing> = {
  schema: CommonVoicePairing,
  modalities: () => ['audio', 'text'],
  leftOver: ({ transcripts }) => `no row of ${inList(transcripts.map(({ file }) => file))} names it`,
  propose: proposeCommonVoice,
  read: readCommonVoice,
};

async function readCommonVoice({ transcripts }: CommonVoicePairing, staging: Staging, { signal }: Job): Promise<void> {
  const captions = await CaptionTable.create(staging, 'audio');
  for (const part of transcripts) {
    const path = await claimFile(staging, part.file);
    const columns = await columnsOf(path);
    let isHeader = true;
    for await (const line of readLines(path, signal)) {
      if (!isHeader) readRow(line, part, columns, captions, staging);
      isHeader = false;
    }
  }
  await captions.finish(signal);
  for (const folder of new Set(transcripts.map(({ file }) => posix.dirname(file)))) {
    for (const name of OTHERS) staging.claim(posix.join(folder, name));
  }
}

async function columnsOf(path: string): Promise<string[]> {
  const [header = ''] = await headOf(path, 1);
  const columns = header.split('\t');
  if (columns.includes('path') && columns.includes('sentence')) return columns;
  throw new InputError(`The table ${path} has no columns "path" and "sentence": it is not of Common Voice.`);
}

function readRow(
  line: Line,
  { file, split, audio }: SoundCaptions,
  columns: readonly string[],
  captions: CaptionTable,
  staging: Staging,
): void {
  const spot = atLine(file, line.line);
  if ('fault' in line) {
    addFault(staging, spot, 'bad-row', line.fault);
    return;
  }
  const cells = line.text.split('\t');
  const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
  if (cells.length !== columns.length || cell('path') === '') {
    const fault = `has ${cells.length} cells for ${columns.length} columns, or none in the column "path": correct it or delete it`;
    addFault(staging, spot, 'bad-row', fault);
    return;
  }
  const path = pathOf(staging, spot, withExtension(cell('path')), audio);
  if (path === undefined) return;
  captions.add(spot, { path, split, source: cell('client_id') || undefined }, cell('sentence'), bareName(path));
}

/** Early releases name clips without ".mp3". */
function withExtension(name: string): string {
  return mediaTypeOf(name)?.modality === 'audio' ? name : `${name}.mp3`;
}

async function proposeCommonVoice(folder: Folder): Promise<Candidate<CommonVoicePairing>[]> {
  const tables = folder.files.filter(({ path }) => TABLE.test(path)).map(({ path }) => path);
  const transcripts: SoundCaptions[] = [];
  for (const language of new Set(tables.map((file) => posix.dirname(file)))) {
    const there = (name: string): boolean => tables.includes(posix.join(language, `${name}.tsv`));
    const splits = SPLITS.filter(there);
    for (const name of splits.length > 0 ? splits : ['validated']) {
      const part = await partOf(folder, posix.join(language, `${name}.tsv`));
      if (part !== undefined) transcripts.push({ ...part, split: splits.length > 0 ? name : undefined });
    }
  }
  if (transcripts.length === 0) return [];
  return [
    {
      pairing: { layout: 'common-voice', transcripts },
      description: `Common Voice: ${inList(transcripts.map(({ file }) => file))}`,
      reasons: {
        layout: 'Each row is a pair of a clip and its sentence; the client_id is the speaker.',
        transcripts: 'The tables, their splits and the folders of the clips. Clips of other tables are not among them.',
      },
    },
  ];
}

/** Absent when the table is of another kind or its clips are not there. */
async function partOf({ root, files }: Folder, file: string): Promise<SoundCaptions | undefined> {
  const [header = '', ...rows] = await headOf(join(root, file), LINES_LOOKED_AT);
  const columns = header.split('\t');
  if (!['client_id', 'path', 'sentence'].every((name) => columns.includes(name))) return undefined;
  const names = rows.map((row) => withExtension(row.split('\t')[columns.indexOf('path')] ?? ''));
  const audio = folderHolding(names, files);
  return audio === undefined ? undefined : { file, audio };
}
