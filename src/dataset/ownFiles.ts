export const DATASET_FILE = 'pairlab.yaml';

/** True for the paths, with "/", of dataset files: `pairlab.yaml`, `*.pairlab.yaml`. */
export function isDatasetFile(path: string): boolean {
  return /(?:^|[/.])pairlab\.yaml$/.test(path);
}

/** True for files that PairLab itself put below a root: datasets, experiments, exclusions. They are never items. */
export function isOwnFile(path: string): boolean {
  return isDatasetFile(path) || /\.(?:experiment\.ya?ml|exclusions\.jsonl)$/.test(path);
}
