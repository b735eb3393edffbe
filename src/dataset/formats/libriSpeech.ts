import { join, posix } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import type { Staging } from '../staging.ts';
import { addFault, atLine, pathOf, withoutExtension } from './captions.ts';
import { CaptionTable } from './captionTable.ts';
import type { Candidate, Folder, Format } from './format.ts';
import { type Line, readLines } from './lines.ts';

const LibriSpeechPairing = z.strictObject({ layout: z.literal('librispeech') });
type LibriSpeechPairing = z.infer<typeof LibriSpeechPairing>;

const TRANSCRIPT = '.trans.txt';
/** `<subset>/<speaker>/<chapter>/<speaker>-<chapter>.trans.txt`. */
const TRANSCRIPT_PATH = /(?:^|\/)([^/]+)\/([^/]+)\/\1-\2\.trans\.txt$/;
/** What the archives hold about the corpus as a whole. */
const ABOUT = /(^|\/)(SPEAKERS|CHAPTERS|BOOKS|LICENSE|README)\.TXT$/;

/**
 * LibriSpeech: a folder for each chapter with a transcript (`1272-128104-0000 MISTER QUILTER …`) and a sound for each of
 * its lines. The subset is the split and the speaker is the source.
 */
export const libriSpeech: Format<typeof LibriSpeechPairing> = {
  schema: LibriSpeechPairing,
  modalities: () => ['audio', 'text'],
  leftOver: () => 'no line of the transcript of its folder names it',
  propose: proposeLibriSpeech,
  read: readLibriSpeech,
};

interface Chapter {
  /** Relative to the root. */
  readonly folder: string;
  readonly transcripts: string[];
  /** By their paths without extension. */
  readonly sounds: Map<string, string>;
}

async function readLibriSpeech(_: LibriSpeechPairing, staging: Staging, { signal }: Job): Promise<void> {
  const captions = await CaptionTable.create(staging, 'audio');
  let transcripts = 0;
  for await (const chapter of chaptersOf(staging, signal)) {
    transcripts += chapter.transcripts.length;
    for (const file of chapter.transcripts) {
      staging.claim(file);
      for await (const line of readLines(join(staging.root, file), signal)) {
        readLine(line, file, chapter, captions, staging);
      }
    }
  }
  if (transcripts === 0) {
    throw new InputError(`There is no transcript (*${TRANSCRIPT}) below ${staging.root}. Correct the dataset file.`);
  }
  await captions.finish(signal);
}

/** The files folder by folder, so that those of one chapter only lie in memory. */
async function* chaptersOf(staging: Staging, signal: AbortSignal | undefined): AsyncGenerator<Chapter> {
  let chapter: Chapter = { folder: '', transcripts: [], sounds: new Map() };
  const sql = `SELECT path FROM files WHERE modality IN ('audio', 'text')
    ORDER BY regexp_extract(path, '^.*/'), path DESC`;
  for await (const files of staging.database.stream(sql, {}, z.object({ path: z.string() }), signal)) {
    for (const { path } of files) {
      const folder = posix.dirname(path);
      if (folder !== chapter.folder) {
        yield chapter;
        chapter = { folder, transcripts: [], sounds: new Map() };
      }
      if (path.endsWith(TRANSCRIPT)) chapter.transcripts.push(path);
      else if (ABOUT.test(path)) staging.claim(path);
      else chapter.sounds.set(withoutExtension(path), path);
    }
  }
  yield chapter;
}

function readLine(
  line: Line,
  file: string,
  { folder, sounds }: Chapter,
  captions: CaptionTable,
  staging: Staging,
): void {
  const spot = atLine(file, line.line);
  if ('fault' in line) {
    addFault(staging, spot, 'bad-row', line.fault);
    return;
  }
  const [, id = '', text = ''] = /^(\S*)\s*(.*)$/s.exec(line.text) ?? [];
  const name = id === '' ? undefined : pathOf(staging, spot, id, folder);
  if (id === '')
    addFault(staging, spot, 'bad-row', 'does not begin with the id of an utterance: correct it or delete it');
  if (name === undefined) return;
  const path = sounds.get(name) ?? `${name}.flac`;
  const split = folder.split('/').at(-3);
  captions.add(spot, { path, split, source: id.split('-')[0] }, text, id);
}

async function proposeLibriSpeech({ files }: Folder): Promise<Candidate<LibriSpeechPairing>[]> {
  const transcripts = files.filter(({ path }) => TRANSCRIPT_PATH.test(path)).length;
  if (transcripts === 0) return [];
  return [
    {
      pairing: { layout: 'librispeech' },
      description: `LibriSpeech: ${transcripts} chapters`,
      reasons: {
        layout:
          'Each line of a *.trans.txt is a pair with the sound of its id. Subsets are splits, speakers are sources.',
      },
    },
  ];
}
