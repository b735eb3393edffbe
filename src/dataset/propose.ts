import type { Job } from '../base/progress.ts';
import type { Modality } from '../protocol.ts';

export interface Alternative {
  readonly description: string;
  readonly matchRate: number;
}

/** A dataset file that fits what a folder holds, and how well. */
export interface Proposal {
  readonly yaml: string;
  readonly description: string;
  readonly layout: string;
  readonly modalities: Modality[];
  /** Share of the items that take part in a pair, in [0, 1]. */
  readonly matchRate: number;
  readonly matched: number;
  readonly unmatched: number;
  /** The first ten. */
  readonly examples: { key: string; items: string[] }[];
  readonly alternatives: Alternative[];
  readonly classes: string[];
  readonly splits: string[];
}

/** Looks at a folder and proposes its pairlab.yaml. Throws {@link InputError} when there is nothing to pair. */
export async function proposeDataset(_folder: string, _job: Job = {}): Promise<Proposal> {
  throw new Error('not yet');
}

/** Proposes and writes `<folder>/pairlab.yaml`; refuses to overwrite one without `force`. */
export async function initDataset(
  _folder: string,
  _options: { force?: boolean } = {},
  _job: Job = {},
): Promise<Proposal & { written: string }> {
  throw new Error('not yet');
}
