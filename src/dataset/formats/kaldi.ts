import { join, posix } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderHolding, splitIn } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, Below, pathOf, type Spot } from './captions.ts';
import { CaptionTable, segmentOf } from './captionTable.ts';
import { type Candidate, type Folder, type Format, inList } from './format.ts';
import { type Entry, KaldiTables } from './kaldiTables.ts';
import { headOf } from './lines.ts';

const Transcripts = z.strictObject({
  folder: Below.describe('the folder that holds wav.scp and text'),
  split: z.string().optional(),
  audio: Below.describe('the folder that the paths in wav.scp are relative to'),
});
type Transcripts = z.infer<typeof Transcripts>;

const KaldiPairing = z.strictObject({ layout: z.literal('kaldi'), transcripts: z.array(Transcripts).min(1) });
type KaldiPairing = z.infer<typeof KaldiPairing>;

/** Files of a data folder that say nothing about pairs. */
const OTHERS = ['spk2utt', 'utt2dur', 'reco2dur', 'utt2num_frames', 'spk2gender', 'feats.scp', 'cmvn.scp', 'vad.scp'];
const LINES_LOOKED_AT = 20;
/** What `segments` writes for the end of a recording. */
const TO_THE_END = -1;

/**
 * Kaldi data folders: `wav.scp` names the recordings, `segments` cuts them into utterances, `text` holds their words and
 * `utt2spk` their speakers. Commands in `wav.scp` are never run.
 */
export const kaldi: Format<typeof KaldiPairing> = {
  schema: KaldiPairing,
  modalities: () => ['audio', 'text'],
  leftOver: ({ transcripts }) =>
    `no line of ${inList(transcripts.map(({ folder }) => posix.join(folder, 'wav.scp')))} names it`,
  propose: proposeKaldi,
  read: readKaldi,
};

async function readKaldi({ transcripts }: KaldiPairing, staging: Staging, { signal }: Job): Promise<void> {
  const captions = await CaptionTable.create(staging, 'audio');
  for (const part of transcripts) {
    const tables = new KaldiTables(part.folder, staging, signal);
    await tables.load('wav.scp', (spot, rest) => recordingOf(spot, rest, part, staging));
    await tables.load('segments', (spot, rest) => segmentIn(spot, rest, staging));
    await tables.load('utt2spk', (_, rest) => ({ value: rest }));
    await tables.load('text', (_, rest) => ({ value: rest }));
    await tables.join(part.split);
    for (const name of OTHERS) staging.claim(posix.join(part.folder, name));
  }
  await captions.finish(signal);
}

function recordingOf(spot: Spot, rest: string, { audio }: Transcripts, staging: Staging): Entry | undefined {
  const fault = faultOf(rest);
  if (fault === undefined) return { value: pathOf(staging, spot, rest, audio) };
  addFault(staging, spot, 'unsupported-format', fault);
  return undefined;
}

/** Why what stands in `wav.scp` is no file; `undefined` when it is one. */
function faultOf(rest: string): string | undefined {
  if (rest.endsWith('|')) return 'is a command, and commands are never run: write the path of a sound';
  if (/\.ark(:\d+)?$/.test(rest))
    return 'names a part of a Kaldi archive, which cannot be read: write the path of a sound';
  return rest === '' || rest === '-' ? 'names no file: write the path of a sound' : undefined;
}

/** A line of `segments` without the id of the utterance: the recording, start and end in seconds. */
function segmentIn(spot: Spot, rest: string, staging: Staging): Entry | undefined {
  const [recording, ...times] = rest.split(/\s+/);
  const [start = Number.NaN, end = Number.NaN] = times.map(Number);
  if (times.length === 2 && start >= 0 && (end > start || end === TO_THE_END)) {
    return { value: recording, segment: segmentOf(start, end === TO_THE_END ? undefined : end) };
  }
  addFault(staging, spot, 'bad-row', 'has no start and end in seconds: correct it or delete it');
  return undefined;
}

async function proposeKaldi({ root, files }: Folder): Promise<Candidate<KaldiPairing>[]> {
  const paths = new Set(files.map(({ path }) => path));
  const transcripts: Transcripts[] = [];
  for (const path of paths) {
    const folder = posix.dirname(path);
    if (posix.basename(path) !== 'wav.scp' || !paths.has(posix.join(folder, 'text'))) continue;
    const entries = (await headOf(join(root, path), LINES_LOOKED_AT)).map((line) => line.trim().replace(/^\S+\s*/, ''));
    const audio = folderHolding(
      entries.filter((rest) => faultOf(rest) === undefined),
      files,
    );
    const split = splitIn(folder);
    if (audio !== undefined) transcripts.push({ folder, split, audio });
  }
  if (transcripts.length === 0) return [];
  return [
    {
      pairing: { layout: 'kaldi', transcripts },
      description: `Kaldi: ${inList(transcripts.map(({ folder }) => folder))}`,
      reasons: {
        layout: 'Each line of text is a pair with the recording, or the segment of one, that has its id.',
        transcripts: 'The data folders, their splits, and the folders that the paths in wav.scp are relative to.',
      },
    },
  ];
}
