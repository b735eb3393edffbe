import type { Columns } from '../../base/database.ts';
import { throwIfCancelled } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import type { ExportFolder, ExportRow, ExportSource } from './export.ts';

export type ManifestRow = Readonly<Record<string, string | number | undefined>>;

/**
 * The columns of a manifest: `key`, one a modality (the path of a picture or a sound, the text itself), `start` and `end`
 * of a segment in seconds, `class` and `split` where there are any, and `strength`.
 */
export function manifestColumns({ modalities, hasSegments, classes, splits }: ExportSource): Columns {
  const media = modalities.map((modality): [string, 'text'] => [modality, 'text']);
  return {
    key: 'text',
    ...Object.fromEntries(media),
    ...(hasSegments ? { start: 'number', end: 'number' } : {}),
    ...(classes.length > 0 ? { class: 'text' } : {}),
    ...(splits.length > 0 ? { split: 'text' } : {}),
    strength: 'text',
  };
}

/** The rows of a manifest at the top of the folder, with the cells of {@link manifestColumns}. */
export async function* manifestRows(
  source: ExportSource,
  folder: ExportFolder,
  { signal }: Job,
): AsyncGenerator<ManifestRow> {
  for await (const rows of source.rows()) {
    for (const row of rows) {
      throwIfCancelled(signal);
      yield await toCells(row, folder);
    }
  }
}

async function toCells({ key, items, class: concept, split, strength }: ExportRow, folder: ExportFolder) {
  const { image, audio, text } = items;
  const { start, end } = audio?.location ?? {};
  return {
    key,
    image: image && (await folder.placeOf(image)),
    audio: audio && (await folder.placeOf(audio)),
    text: text && (await folder.textOf(text)),
    start,
    end,
    class: concept,
    split,
    strength,
  };
}
