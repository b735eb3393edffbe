import { extname } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import { Modality } from '../../protocol.ts';
import type { FileEntry } from '../walk.ts';
import { byFrequency } from './names.ts';

/** Lance keeps its manifests in `_versions` and its rows in `data`. */
const LANCE = /^(?:(.*)\/)?(?:_versions\/[^/]+\.manifest|data\/[^/]+\.lance)$/;
const EXTENSIONS_NAMED = 5;
const REFUSALS_TOLD = 3;

/** Why no layout fits a folder, and what to do. @param refused why what looked like a layout is none, in sentences */
export function nothingPairs(folder: string, files: readonly FileEntry[], refused: readonly string[]): InputError {
  const lance = lanceFolder(files);
  const why = [
    ...(lance === undefined ? [] : [`${lance} is a dataset of Lance, a format that is not read: save it as Parquet.`]),
    ...refused,
  ];
  const more = why.length > REFUSALS_TOLD ? [`There are ${why.length - REFUSALS_TOLD} more reasons of this kind.`] : [];
  return new InputError([whatIsThere(folder, files), ...why.slice(0, REFUSALS_TOLD), ...more].join(' '));
}

function whatIsThere(folder: string, files: readonly FileEntry[]): string {
  if (files.length === 0) return `${folder} is empty: put pictures, sounds or texts into it.`;
  const media = files.flatMap(({ path }) => mediaTypeOf(path)?.modality ?? []);
  const [only, another] = new Set(media);
  if (only === undefined) {
    const extensions = byFrequency(files.map(({ path }) => extname(path) || 'no extension'));
    const seen = extensions.slice(0, EXTENSIONS_NAMED).map(({ value, count }) => `${count} ${value}`);
    return `${folder} holds no picture, sound or text, only other files: ${seen.join(', ')}.`;
  }
  if (another === undefined) {
    return `${folder} holds ${only} only (${media.length} files), but a pair links two modalities. Put its counterparts there, or a table (CSV) that describes the files.`;
  }
  const counts = Modality.options.map((modality) => `${media.filter((one) => one === modality).length} ${modality}`);
  return `${folder} holds ${counts.join(', ')} files, but no two files pair by name, class folder or table. Give paired files the same name, or write a table (CSV) with a column for each modality.`;
}

function lanceFolder(files: readonly FileEntry[]): string | undefined {
  for (const { path } of files) {
    const found = LANCE.exec(path);
    if (found !== null) return found[1] ?? 'It';
  }
  return undefined;
}
