import type { Modality, Problem, Strength } from '../../protocol.ts';
import type { FileEntry } from '../walk.ts';

/** An item as its layout names it, before anything of it was read. */
export interface FoundItem {
  readonly id: string;
  readonly modality: Modality;
  /** Of the file, or of the table that holds the cell; relative to the root. */
  readonly path: string;
  readonly row?: number;
  readonly text?: string;
  readonly class?: string;
  readonly split?: string;
}

export interface FoundPair {
  /** What names the pair in its layout. */
  readonly key: string;
  readonly first: { readonly modality: Modality; readonly item: string };
  readonly second: { readonly modality: Modality; readonly item: string };
  readonly class?: string;
  readonly split?: string;
  readonly strength: Strength;
}

export type Finding =
  | { readonly type: 'item'; readonly item: FoundItem }
  | { readonly type: 'pair'; readonly pair: FoundPair }
  | { readonly type: 'problem'; readonly problem: Problem };

export interface Place {
  /** Absolute path of the folder that all media lie below. */
  readonly root: string;
  /** All files below the root, sorted by path. */
  readonly files: readonly FileEntry[];
  /** Links that lead out of the root: named, never opened. */
  readonly refused: ReadonlySet<string>;
}

/**
 * Reads one layout: streams its items and pairs, and a problem for every file or row that it leaves out. It reads
 * tables, but no media. Throws {@link InputError} when the layout does not fit the place at all.
 */
export type Format<P> = (pairing: P, place: Place, signal?: AbortSignal) => AsyncGenerator<Finding>;

/** What a file or a row says about itself; absent fields stay absent. */
export function labels(of: { class?: string | undefined; split?: string | undefined }): {
  class?: string;
  split?: string;
} {
  return {
    ...(of.class === undefined ? {} : { class: of.class }),
    ...(of.split === undefined ? {} : { split: of.split }),
  };
}

export function problemFinding(problem: Problem): Finding {
  return { type: 'problem', problem };
}

/** "a", "a and b", "a, b and c". */
export function inList(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
