import { join, posix } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderOfSounds } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, atLine, Below, pathOf, soundsBy, withoutExtension } from './captions.ts';
import { CaptionTable } from './captionTable.ts';
import type { Candidate, Folder, Format } from './format.ts';
import { headOf, type Line, readLines } from './lines.ts';
import { claimFile } from './ownFile.ts';

const LjSpeechPairing = z.strictObject({
  layout: z.literal('ljspeech'),
  file: Below,
  audio: Below.describe('the folder that holds the sounds'),
  text: z.enum(['normalised', 'raw']).describe('numbers and abbreviations as words, or as they are written'),
});
type LjSpeechPairing = z.infer<typeof LjSpeechPairing>;

const TABLE = /^metadata.*\.(csv|txt)$/i;
const LINES_LOOKED_AT = 100;

/**
 * LJSpeech: lines `id|raw text|normalised text` without header and without quoting, so that a quotation mark is a letter
 * like any other, and sounds that have the id as their name.
 */
export const ljSpeech: Format<typeof LjSpeechPairing> = {
  schema: LjSpeechPairing,
  modalities: () => ['audio', 'text'],
  leftOver: ({ file }) => `no line of ${file} names it`,
  propose: proposeLjSpeech,
  read: readLjSpeech,
};

async function readLjSpeech(pairing: LjSpeechPairing, staging: Staging, { signal }: Job): Promise<void> {
  const path = await claimFile(staging, pairing.file);
  const captions = await CaptionTable.create(staging, 'audio');
  const sounds = await soundsBy(withoutExtension, staging, signal);
  for await (const line of readLines(path, signal)) readLine(line, pairing, { captions, sounds, staging });
  await captions.finish(signal);
}

interface Reader {
  readonly captions: CaptionTable;
  readonly sounds: ReadonlyMap<string, string>;
  readonly staging: Staging;
}

function readLine(line: Line, { file, audio, text }: LjSpeechPairing, { captions, sounds, staging }: Reader): void {
  const spot = atLine(file, line.line);
  const [id = '', raw = '', normalised, ...more] = 'text' in line ? line.text.split('|') : [];
  const expected = text === 'raw' ? 'id|text' : 'id|raw text|normalised text';
  if ('fault' in line) addFault(staging, spot, 'bad-row', line.fault);
  else if (id.trim() === '' || more.length > 0 || (text === 'normalised' && normalised === undefined)) {
    addFault(staging, spot, 'bad-row', `is not ${expected}: correct it or delete it`);
  } else {
    const name = pathOf(staging, spot, id.trim(), audio);
    if (name === undefined) return;
    const path = sounds.get(name) ?? `${name}.wav`;
    captions.add(spot, { path }, text === 'raw' ? raw : (normalised ?? ''), id.trim());
  }
}

async function proposeLjSpeech({ root, files }: Folder): Promise<Candidate<LjSpeechPairing>[]> {
  const candidates: Candidate<LjSpeechPairing>[] = [];
  for (const { path: file } of files) {
    if (!TABLE.test(posix.basename(file))) continue;
    const rows = (await headOf(join(root, file), LINES_LOOKED_AT)).map((line) => line.split('|'));
    const sounds = folderOfSounds(
      rows.flatMap(([id = '', ...texts]) => (texts.length > 0 ? [id.trim()] : [])),
      files,
    );
    if (sounds === undefined) continue;
    const text = rows.some((cells) => cells.length === 3) ? 'normalised' : 'raw';
    candidates.push({
      pairing: { layout: 'ljspeech', file, audio: sounds.folder, text },
      description: `LJSpeech: ${file}`,
      reasons: {
        layout: 'Each line holds the name of a sound and what is said in it, between "|".',
        text: 'normalised: numbers and abbreviations as words, the third part. Write raw for the second one.',
      },
    });
  }
  return candidates;
}
