import { join, posix } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { folderHolding, splitIn } from '../guess/captions.ts';
import type { Staging } from '../staging.ts';
import { addFault, atLine, lackOf, pathOf, SoundCaptions } from './captions.ts';
import { CaptionTable, segmentOf } from './captionTable.ts';
import { type Candidate, type Folder, type Format, inList } from './format.ts';
import { headOf, type Line, readLines } from './lines.ts';
import { claimFile } from './ownFile.ts';
import { bareName } from './paths.ts';

const NemoPairing = z.strictObject({ layout: z.literal('nemo'), transcripts: z.array(SoundCaptions).min(1) });
type NemoPairing = z.infer<typeof NemoPairing>;

const Speaker = z.union([z.string(), z.number()]).transform(String);
const Entry = z.object({
  audio_filepath: z.string().min(1),
  text: z.string().nullish(),
  offset: z.number().nonnegative().nullish(),
  duration: z.number().nonnegative().nullish(),
  speaker: Speaker.nullish(),
});
type Entry = z.infer<typeof Entry>;

/** https://docs.nvidia.com/nemo-framework/user-guide/latest/nemotoolkit/audio/datasets.html */
const Restoration = z
  .object({
    input_filepath: z.string().optional(),
    audio_filepath: z.string().optional(),
    target_filepath: z.string().min(1),
    text: z.null().optional(),
  })
  .transform(({ input_filepath: input, audio_filepath: audio, target_filepath: target }) => {
    return [input ?? audio, target].filter((name) => name !== undefined);
  });

const LINES_LOOKED_AT = 20;
const MANY = 50;

/**
 * NeMo manifests: JSON Lines, each with a sound and its text. With `offset` a line is about a segment of the sound, and
 * several lines may share one file. Lines for restoration and enhancement, of a sound and the sound that a model shall
 * make of it, are no pairs here, because a pair links two modalities: each is named, and its sounds are items.
 */
export const nemo: Format<typeof NemoPairing> = {
  schema: NemoPairing,
  modalities: () => ['audio', 'text'],
  leftOver: ({ transcripts }) => `no line of ${inList(transcripts.map(({ file }) => file))} names it`,
  propose: proposeNemo,
  read: readNemo,
};

async function readNemo({ transcripts }: NemoPairing, staging: Staging, { signal }: Job): Promise<void> {
  const captions = await CaptionTable.create(staging, 'audio');
  for (const part of transcripts) {
    const path = await claimFile(staging, part.file);
    for await (const line of readLines(path, signal)) readLine(line, part, captions, staging);
  }
  await captions.finish(signal);
}

function readLine(line: Line, { file, split, audio }: SoundCaptions, captions: CaptionTable, staging: Staging): void {
  const spot = atLine(file, line.line);
  const entry = 'text' in line ? parse(line.text) : line.fault;
  if (typeof entry === 'string') {
    addFault(staging, spot, 'bad-row', entry);
    return;
  }
  if (Array.isArray(entry)) {
    const paths = entry.flatMap((name) => pathOf(staging, spot, name, audio) ?? []);
    for (const path of paths) captions.list(spot, { path, split });
    const fault = 'pairs a sound with a sound, but a pair links two modalities: it was not read';
    addFault(staging, spot, 'unsupported-format', fault, paths);
    return;
  }
  const path = pathOf(staging, spot, entry.audio_filepath, audio);
  if (path === undefined) return;
  const { offset, duration, speaker, text } = entry;
  const segment = typeof offset === 'number' ? segmentOf(offset, duration ? offset + duration : undefined) : undefined;
  const key = segment === undefined ? bareName(path) : `${bareName(path)}#${segment.name}`;
  captions.add(spot, { path, split, source: speaker ?? undefined, segment }, text ?? '', key);
}

/** An entry, the sounds of one for restoration, or what is wrong. */
function parse(json: string): Entry | string[] | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return 'is not JSON: correct it or delete it';
  }
  const sounds = Restoration.safeParse(value);
  if (sounds.success) return sounds.data;
  const entry = Entry.safeParse(value);
  return entry.success ? entry.data : lackOf(entry.error);
}

async function proposeNemo(folder: Folder): Promise<Candidate<NemoPairing>[]> {
  const { root, files } = folder;
  const transcripts: SoundCaptions[] = [];
  for (const file of manifestsOf(folder)) {
    const entries = (await headOf(join(root, file), LINES_LOOKED_AT)).map(parse);
    const names = entries.flatMap((entry) => {
      return typeof entry === 'string' || Array.isArray(entry) ? [] : [entry.audio_filepath];
    });
    const audio = folderHolding(names, files);
    const split = splitIn(file);
    if (audio !== undefined) transcripts.push({ file, split, audio });
  }
  if (transcripts.length === 0) return [];
  return [
    {
      pairing: { layout: 'nemo', transcripts },
      description: `NeMo manifests: ${inList(transcripts.map(({ file }) => file))}`,
      reasons: {
        layout: 'Each line is a pair of a sound, or of a segment of it, and its text.',
        transcripts:
          'The manifests, their splits as their names tell them, and the folders that the paths are relative to.',
      },
    },
  ];
}

function manifestsOf({ files }: Folder): string[] {
  const json = files.map(({ path }) => path).filter((path) => /\.(jsonl?|ndjson)$/i.test(path));
  return json.length <= MANY ? json : json.filter((path) => /manifest/i.test(posix.basename(path))).slice(0, MANY);
}
