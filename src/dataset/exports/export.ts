import type { Job } from '../../base/progress.ts';
import type { Location } from '../../container/location.ts';
import type { Modality, SnapshotSummary, Strength } from '../../protocol.ts';

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
  readonly note?: string | undefined;
}

/** What there is to export. */
export interface ExportSource {
  /** Name of the dataset. */
  readonly name: string;
  readonly snapshot: SnapshotSummary;
  /** Of all rows, in the order of the dataset file. */
  readonly modalities: readonly Modality[];
  /** Of all rows; empty when no row has one. */
  readonly classes: readonly string[];
  readonly splits: readonly string[];
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
}

/** One format that a dataset can be exported to. */
export interface Exporter {
  /** As `--to` names it. */
  readonly name: string;
  /** In a few words, for the help text. */
  readonly summary: string;
  /** Whether manifests name media where they lie, unless asked otherwise. */
  readonly refersToMedia: boolean;
  write(source: ExportSource, folder: ExportFolder, job: Job): Promise<void>;
}
