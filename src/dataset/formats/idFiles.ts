import { posix } from 'node:path';

/** What {@link readRowIds} reads, likeliest first. */
const EXTENSIONS = ['json', 'txt', 'csv', 'tsv', 'jsonl', 'parquet'];

/**
 * Where the ids of the rows of an array may lie beside it: `image_ids.json` of `image.npy` or of the array `image` in any
 * file, and last `ids.json`, which is of every array in its folder.
 *
 * @param path of the array file, or its pattern
 */
export function idFilesBeside(path: string, array: string | undefined): string[] {
  const folder = posix.dirname(path);
  const names = [posix.basename(path, posix.extname(path)), ...(array === undefined ? [] : [array])];
  const stems = [...names.map((name) => `${name}_ids`), 'ids'];
  return stems.flatMap((stem) => EXTENSIONS.map((extension) => posix.join(folder, `${stem}.${extension}`)));
}
