import type * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import type { Modality, Strength } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import type { FileEntry } from '../walk.ts';

/** Where the bytes of an item lie; without any of the optional fields the item is the whole file. */
export interface Place {
  /** Of the file, relative to the root with "/". */
  readonly path: string;
  /** Name inside an archive. */
  readonly member?: string | undefined;
  /** Bytes `begin` to `begin + length` of the file; of the decompressed stream for a compressed archive. */
  readonly begin?: number | undefined;
  readonly length?: number | undefined;
  /** Row of a table, counted from 1. */
  readonly row?: number | undefined;
  readonly column?: string | undefined;
  /** A segment of a sound in seconds. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** The text itself, when it stands in a table or a transcript. */
  readonly text?: string | undefined;
  /** How many numbers it has, when it is a vector of an array and not media. */
  readonly dimensions?: number | undefined;
}

/** What the layout says about an item or a pair. */
export interface Labels {
  readonly class?: string | undefined;
  readonly split?: string | undefined;
}

/** An item as its layout names it, before anything of it was read. An item that is named again counts once. */
export interface FoundItem extends Place, Labels {
  /** The path for a file; else the path, "#" and what tells the items of the file apart. */
  readonly id: string;
  readonly modality: Modality;
  /** Who spoke, which recording or video it was cut from: items of one source must not be in several splits. */
  readonly source?: string | undefined;
  /** Where the layout names it: `pairs.csv#12`; absent for a file that was found by its own name. */
  readonly named?: string | undefined;
}

export interface FoundPair extends Labels {
  /** What names the pair in its layout. */
  readonly key: string;
  readonly first: { readonly modality: Modality; readonly item: string };
  readonly second: { readonly modality: Modality; readonly item: string };
  readonly strength: Strength;
  /** Where the layout names it. */
  readonly named?: string | undefined;
}

/** What a proposal may look at. */
export interface Folder {
  /** Absolute path of the root. */
  readonly root: string;
  /** All files below the root, sorted by path. */
  readonly files: readonly FileEntry[];
  /** Says in a sentence why what looked like a layout is none: it is told when no layout fits. */
  refuse(sentence: string): void;
}

/** Settings under which a layout may fit a folder, to be tried. */
export interface Candidate<P> {
  readonly pairing: P;
  /** In a few words: "pairs.csv: image, audio". */
  readonly description: string;
  /** Why a setting is as it is, for the comment above it: by the name of the setting. */
  readonly reasons: Readonly<Partial<Record<string, string>>>;
}

/** One layout: how it is written in pairlab.yaml, how it is recognised, and how it is read. */
export interface Format<S extends z.ZodType<{ layout: string }>> {
  /** Its part of pairlab.yaml. */
  readonly schema: S;
  /** Present when it goes by the names of files alone, never by what they hold: every item is a whole file. */
  readonly byNames?: true;
  /** The modalities of its items, in the order in which pairs name them. */
  modalities(pairing: z.infer<S>): Modality[];
  /** Why a file of the modality is no item of the layout, as a clause: "no row of pairs.csv names it". */
  leftOver(pairing: z.infer<S>, modality: Modality): string;
  /**
   * Settings under which it may fit a folder, likeliest first; none when nothing suggests it. Reads names and the heads
   * of tables, no media.
   */
  propose(folder: Folder, job: Job): Promise<Candidate<z.infer<S>>[]>;
  /**
   * Puts the items and pairs of the layout into the staging, claims the files that are the layout's own (tables,
   * transcripts), and adds a problem for each row that it cannot use. It reads tables, but no media. Files that are
   * missing, left over or without counterpart are found afterwards for all layouts alike. Throws {@link InputError}
   * when the layout does not fit the folder at all.
   */
  read(pairing: z.infer<S>, staging: Staging, job: Job): Promise<void>;
}

/** "a", "a and b", "a, b and c". */
export function inList(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
