import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import type { Location } from '../../container/location.ts';
import type { Modality, SnapshotSummary, Strength } from '../../protocol.ts';
import type { About } from '../croissant/describe.ts';

/**
 * What becomes of media that lie in files: `refer` names them where they lie, `copy` puts copies into the folder, `link`
 * makes hard links there, or copies where the file system has none.
 */
export const MediaWay = z.enum(['refer', 'copy', 'link']);
export type MediaWay = z.infer<typeof MediaWay>;

export interface ExportItem {
  readonly id: string;
  readonly modality: Modality;
  /** Where its bytes lie, by absolute path. */
  readonly location: Location;
  /** The text itself, when it stands in a cell or a decision corrected it; else it is in the file. */
  readonly text?: string | undefined;
  /** What its header says it is: `png`. */
  readonly format?: string | undefined;
}

/**
 * Items that belong together: the two of a pair, or all that strong pairs of one key link with each other. Decisions are
 * applied: excluded pairs are not among the rows, classes and texts are the corrected ones.
 */
export interface ExportRow {
  readonly key: string;
  /** At least two, at most one of a modality. */
  readonly items: Readonly<Partial<Record<Modality, ExportItem>>>;
  readonly strength: Strength;
  readonly class?: string | undefined;
  readonly split?: string | undefined;
}

/** What there is to export. */
export interface ExportSource {
  /** Name of the dataset. */
  readonly name: string;
  readonly snapshot: SnapshotSummary;
  /** Of all rows, in the order of the dataset file. */
  readonly modalities: readonly Modality[];
  /** Different ones of all rows; empty when no row has one. */
  readonly classes: readonly string[];
  readonly splits: readonly string[];
  /** Whether any sound is a segment of a longer one. */
  readonly hasSegments: boolean;
  /** How many rows there are. */
  readonly count: number;
  /** All rows in the order of the snapshot, a few thousand at a time. */
  rows(): AsyncGenerator<readonly ExportRow[]>;
}

/** The folder that is filled, and the media in it. */
export interface ExportFolder {
  /** Absolute path to write below. It gets its final name when everything is written. */
  readonly path: string;
  /**
   * Where a manifest at the top of the folder finds the item's media, with "/": where they lie anyway, or in the folder
   * when they were asked to be brought along or lie inside an archive.
   */
  placeOf(item: ExportItem): Promise<string>;
  /** Brings the item's media into a folder below this one and gives their path relative to it, with "/". */
  bring(item: ExportItem, below: string): Promise<string>;
  /** The text of a text item. */
  textOf(item: ExportItem): Promise<string>;
  /** Counts a row that this format cannot hold; the reason as a clause: "its sound is a segment of a longer one". */
  leaveOut(reason: string): void;
  /** Says something about the whole export in a sentence. */
  note(sentence: string): void;
}

export interface ExportSettings {
  /** Shards of media grow to this many bytes. */
  readonly shardBytes: number;
  /** What only a person knows about the dataset. */
  readonly about: About;
}

/** One format that a dataset can be exported to. */
export interface Exporter {
  /** As `--to` names it. */
  readonly name: string;
  /** In a few words, for the help text. */
  readonly summary: string;
  /** What it can do with media: name them where they lie, or copy or link them into its folder. The first is the default. */
  readonly media: readonly MediaWay[];
  write(source: ExportSource, folder: ExportFolder, settings: ExportSettings, job: Job): Promise<void>;
}
