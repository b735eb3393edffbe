import { InputError } from '../base/errors.ts';
import type { Dataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';

/** The newest snapshots that runs learn from: that of one dataset, or the source's and the target's of two. */
export class Snapshots {
  readonly source: Snapshot;
  readonly target: Snapshot;

  private constructor(source: Snapshot, target: Snapshot) {
    this.source = source;
    this.target = target;
  }

  /**
   * @param source where it is another dataset than the target's
   * @throws InputError when one is not indexed, or both are the same.
   */
  static async open(target: Dataset, source?: Dataset): Promise<Snapshots> {
    const snapshot = await Snapshot.open(target);
    if (source === undefined) return new Snapshots(snapshot, snapshot);
    if (source.path !== target.path) return new Snapshots(await Snapshot.open(source), snapshot);
    throw new InputError(`\`sourceDataset\` is ${target.path}, as \`dataset\` is. Leave it out.`);
  }

  /** Whether the source is of another dataset: then there are no pairs. */
  get areApart(): boolean {
    return this.source !== this.target;
  }

  close(): void {
    this.target.close();
    if (this.areApart) this.source.close();
  }
}
