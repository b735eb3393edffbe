import { join, posix } from 'node:path';
import * as z from 'zod';
import type { ProblemKind } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import { inList } from './format.ts';
import { readElements } from './jsonElements.ts';
import { resolvePath } from './paths.ts';
import { isInside } from './pattern.ts';

// What the layouts share whose files of captions or transcripts name a picture or a sound and hold its text.

/** A file or folder below the root, as a setting. */
export const Below = z
  .string()
  .refine(isInside, 'A file or folder must lie below the root and have "/" between folders.');

const Captions = z.strictObject({ file: Below, split: z.string().optional() });

/** A file of captions, the split of all its rows, and the folder that it names pictures or sounds in. */
export const ImageCaptions = Captions.extend({ images: Below });
export type ImageCaptions = z.infer<typeof ImageCaptions>;
export const SoundCaptions = Captions.extend({ audio: Below });
export type SoundCaptions = z.infer<typeof SoundCaptions>;

/** A place in a file of captions. */
export interface Spot {
  /** Relative to the root. */
  readonly file: string;
  /** What tells the place apart in the file. `file#mark` is the id of its text. */
  readonly mark: string;
  /** As the user finds it: "line 12". */
  readonly words: string;
  readonly row?: number;
  readonly column?: string;
}

export function atLine(file: string, line: number): Spot {
  return { file, mark: String(line), words: `line ${line}`, row: line };
}

/** A row of a table with a header; the row after the header is 1. */
export function atRow(file: string, { row, line }: { row: number; line: number }, column?: string): Spot {
  const words = column === undefined ? '' : `, "${column}"`;
  return {
    file,
    mark: column === undefined ? String(row) : `${row}:${column}`,
    words: `row ${row} (line ${line})${words}`,
    row,
    ...(column !== undefined && { column }),
  };
}

/** An element of a list of a JSON file; the first one is 0. */
export function atElement(file: string, list: string, index: number): Spot {
  return { file, mark: `${list}[${index}]`, words: `${list}[${index}]` };
}

/**
 * The entries of a list of a JSON file, each with its place. One that cannot be read or lacks something becomes a problem.
 */
export async function* readEntries<S extends z.ZodType>(
  staging: Staging,
  file: string,
  list: string,
  schema: S,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ spot: Spot; entry: z.infer<S> }> {
  for await (const element of readElements(join(staging.root, file), list, signal)) {
    const spot = atElement(file, list, element.index);
    if ('fault' in element) {
      addFault(staging, spot, 'bad-row', element.fault);
      continue;
    }
    const entry = schema.safeParse(element.value);
    if (entry.success) yield { spot, entry: entry.data };
    else addFault(staging, spot, 'bad-row', lackOf(entry.error));
  }
}

/** What is wrong with an object of JSON, as the end of a sentence. */
export function lackOf(error: z.ZodError): string {
  const names = error.issues.map(({ path }) => path.join('.')).filter((name) => name !== '');
  if (names.length === 0) return 'is not an object of JSON';
  return `has no usable ${inList([...new Set(names)].map((name) => `"${name}"`))}: fill it in or delete the entry`;
}

/** The sounds below the root by what `nameOf` makes of their paths; of several with one name the first. */
export async function soundsBy(
  nameOf: (path: string) => string,
  { database }: Staging,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const sql = "SELECT path FROM files WHERE modality = 'audio' ORDER BY path DESC";
  const sounds = new Map<string, string>();
  for await (const files of database.stream(sql, {}, z.object({ path: z.string() }), signal)) {
    for (const { path } of files) sounds.set(nameOf(path), path);
  }
  return sounds;
}

export function withoutExtension(path: string): string {
  return path.slice(0, path.length - posix.extname(path).length);
}

type RowFault = Extract<
  ProblemKind,
  'bad-row' | 'missing-text' | 'missing-file' | 'outside-root' | 'unsupported-format' | 'ambiguous-pairing'
>;

/** @param fault a sentence without its subject, the place, and without its full stop */
export function addFault(staging: Staging, spot: Spot, kind: RowFault, fault: string, items: string[] = []): void {
  const sentence = `${spot.file}, ${spot.words} ${fault}.`;
  staging.problem({ kind, severity: 'error', where: `${spot.file}#${spot.mark}`, sentence, items });
}

/** The path that a name means; one that leads outside the root becomes a problem and gives `undefined`. */
export function pathOf(staging: Staging, spot: Spot, name: string, folder: string): string | undefined {
  const path = resolvePath(name, folder);
  if (path !== undefined) return path;
  const fault = `names ${JSON.stringify(name)}, which is outside the root: it was not opened. Copy the file below the root`;
  addFault(staging, spot, 'outside-root', fault);
  return undefined;
}
