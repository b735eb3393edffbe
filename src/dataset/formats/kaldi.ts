import { join, posix } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderHolding, splitIn } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import {
  addCaption,
  addFault,
  addMedium,
  atLine,
  Below,
  claimFile,
  type Medium,
  pathOf,
  type Spot,
  segmentOf,
} from './captions.ts';
import { type Candidate, type Folder, type Format, inList } from './format.ts';
import { headOf, readLines } from './lines.ts';

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
  for (const part of transcripts) {
    const recordings = await readRecordings(part, staging, signal);
    const utterances = await readUtterances(part, recordings, staging, signal);
    await readText(part, utterances, staging, signal);
    for (const name of OTHERS) staging.claim(posix.join(part.folder, name));
  }
}

interface Recording {
  readonly spot: Spot;
  readonly path: string;
}

async function readRecordings(
  part: Transcripts,
  staging: Staging,
  signal: AbortSignal | undefined,
): Promise<Map<string, Recording>> {
  const recordings = new Map<string, Recording>();
  for await (const { spot, id, rest } of entriesOf('wav.scp', part, staging, signal)) {
    const fault = faultOf(rest);
    const path = fault === undefined ? pathOf(staging, spot, rest, part.audio) : undefined;
    if (fault !== undefined) addFault(staging, spot, 'unsupported-format', fault);
    if (path !== undefined) recordings.set(id, { spot, path });
  }
  return recordings;
}

/** Why what stands in `wav.scp` is no file; `undefined` when it is one. */
function faultOf(rest: string): string | undefined {
  if (rest.endsWith('|')) return 'is a command, and commands are never run: write the path of a sound';
  if (/\.ark(:\d+)?$/.test(rest))
    return 'names a part of a Kaldi archive, which cannot be read: write the path of a sound';
  return rest === '' || rest === '-' ? 'names no file: write the path of a sound' : undefined;
}

/** The segments, or the recordings as a whole where there is no such file. */
async function readUtterances(
  part: Transcripts,
  recordings: ReadonlyMap<string, Recording>,
  staging: Staging,
  signal: AbortSignal | undefined,
): Promise<Map<string, Medium>> {
  const speakers = await readSpeakers(part, staging, signal);
  const utterances = new Map<string, Medium>();
  const add = (id: string, spot: Spot, place: Pick<Medium, 'id' | 'path' | 'start' | 'end'>): void => {
    const utterance: Medium = { ...place, modality: 'audio', split: part.split, source: speakers.get(id) };
    utterances.set(id, utterance);
    addMedium(staging, spot, utterance);
  };
  if (!(await isThere('segments', part, staging))) {
    for (const [id, { spot, path }] of recordings) add(id, spot, { id: path, path });
    return utterances;
  }
  for await (const { spot, id, rest } of entriesOf('segments', part, staging, signal)) {
    const [name = '', ...times] = rest.split(/\s+/);
    const path = recordings.get(name)?.path;
    const [start = Number.NaN, end = Number.NaN] = times.map(Number);
    if (path === undefined)
      addFault(staging, spot, 'bad-row', `names the recording "${name}", of which wav.scp has no sound`);
    else if (times.length !== 2 || !(start >= 0) || !(end > start || end === TO_THE_END)) {
      addFault(staging, spot, 'bad-row', 'has no start and end in seconds: correct it or delete it');
    } else add(id, spot, segmentOf(path, start, end === TO_THE_END ? undefined : end));
  }
  return utterances;
}

async function readSpeakers(
  part: Transcripts,
  staging: Staging,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const speakers = new Map<string, string>();
  if (!(await isThere('utt2spk', part, staging))) return speakers;
  for await (const { id, rest } of entriesOf('utt2spk', part, staging, signal)) speakers.set(id, rest);
  return speakers;
}

async function readText(
  part: Transcripts,
  utterances: ReadonlyMap<string, Medium>,
  staging: Staging,
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const { spot, id, rest } of entriesOf('text', part, staging, signal)) {
    const utterance = utterances.get(id);
    if (utterance !== undefined) addCaption(staging, spot, utterance, rest, id);
    else
      addFault(
        staging,
        spot,
        'bad-row',
        `is about the utterance "${id}", of which there is no sound: add or delete it`,
      );
  }
}

async function isThere(name: string, { folder }: Transcripts, staging: Staging): Promise<boolean> {
  const file = posix.join(folder, name);
  const found = await staging.database.query('SELECT path FROM files WHERE path = $file', { file }, z.unknown());
  return found.length > 0;
}

/** The lines of a file, each an id and what follows the first white space. An id that comes again becomes a problem. */
async function* entriesOf(
  name: string,
  { folder }: Transcripts,
  staging: Staging,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ spot: Spot; id: string; rest: string }> {
  const file = posix.join(folder, name);
  const seen = new Set<string>();
  for await (const line of readLines(await claimFile(staging, file), signal)) {
    const spot = atLine(file, line.line);
    if ('fault' in line) {
      addFault(staging, spot, 'bad-row', line.fault);
      continue;
    }
    const [, id = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(line.text.trim()) ?? [];
    if (seen.has(id)) addFault(staging, spot, 'bad-row', `repeats the id "${id}": give it one of its own`);
    else yield { spot, id, rest };
    seen.add(id);
  }
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
