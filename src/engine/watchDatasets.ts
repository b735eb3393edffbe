import { type FSWatcher, watch } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { isFolder } from '../base/files.ts';
import type { DatasetSummary } from '../protocol.ts';
import { listDatasets } from './datasets.ts';

/** Indexing writes `current` last; the pause gathers the events of one save into one look. */
const PAUSE_MS = 200;

/**
 * Tells when a dataset file or its newest snapshot changed, whoever changed it. Only the few folders in which that can
 * happen are watched, never the media.
 */
export class DatasetWatch {
  readonly #workspace: string;
  readonly #onChange: (datasets: DatasetSummary[]) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #looking = Promise.resolve();
  #last = '';
  #closed = false;

  constructor(workspace: string, onChange: (datasets: DatasetSummary[]) => void) {
    this.#workspace = workspace;
    this.#onChange = onChange;
  }

  /** Looks soon; several calls in a row look once. */
  look(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#looking = this.#looking.then(() => this.#compare());
    }, PAUSE_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #compare(): Promise<void> {
    const datasets = await listDatasets(this.#workspace);
    const added = await this.#follow(datasets);
    if (this.#closed) return;
    const now = JSON.stringify(datasets);
    if (now !== this.#last) this.#onChange(datasets);
    this.#last = now;
    // A folder may have been filled between its creation and the start of its watcher.
    if (added) this.look();
  }

  /** Watches the folders that exist by now and were not watched yet. */
  async #follow(datasets: readonly DatasetSummary[]): Promise<boolean> {
    const folders = new Set([this.#workspace]);
    for (const { path, name } of datasets) {
      const folder = dirname(path);
      const store = join(folder, '.pairlab');
      for (const each of [folder, store, join(store, 'datasets'), join(store, 'datasets', name)]) folders.add(each);
    }
    let added = false;
    for (const folder of folders) {
      if (this.#closed || this.#watchers.has(folder) || !(await isFolder(folder))) continue;
      this.#watch(folder);
      added = true;
    }
    return added;
  }

  #watch(folder: string): void {
    const watcher = watch(folder, (event, name) => {
      // A folder that was deleted, renamed or made anew needs a new watcher.
      if (event === 'rename' && name !== null) this.#forget(join(folder, name));
      this.look();
    });
    watcher.on('error', () => this.#forget(folder));
    this.#watchers.set(folder, watcher);
  }

  #forget(folder: string): void {
    for (const [path, watcher] of this.#watchers) {
      if (path !== folder && !path.startsWith(folder + sep)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
  }
}
