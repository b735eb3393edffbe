import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled } from '../../base/errors.ts';
import type { Modality } from '../../protocol.ts';
import type { Exporter, ExportFolder, ExportRow, ExportSource } from './export.ts';
import { isSegment } from './media.ts';
import { TextFile } from './textFile.ts';

/** Hugging Face reads the captions of a CSV as missing when they are "null" or "NA", so JSON Lines it is. */
const METADATA = 'metadata.jsonl';

/**
 * A folder for Hugging Face's `imagefolder` or `audiofolder`: a folder a split with the media and a metadata.jsonl, and a
 * README.md that names the splits. Its loaders know one kind of media a folder, named by `file_name`: pictures where
 * there are any. Sounds beside pictures are plain paths.
 */
export const huggingFace: Exporter = {
  name: 'hugging-face',
  summary: 'a folder for the imagefolder and audiofolder of Hugging Face datasets',
  media: ['copy', 'link'],
  write: async (source, folder, _settings, { signal }) => {
    const [main] = source.modalities.filter((modality) => modality !== 'text').toSorted(picturesFirst);
    const files = new Map<string, TextFile>();
    try {
      for await (const rows of source.rows()) {
        for (const row of rows) {
          throwIfCancelled(signal);
          await writeRow(row, main, folder, files);
        }
      }
      for (const file of files.values()) await file.end();
    } finally {
      for (const file of files.values()) await file.close();
    }
    await writeFile(join(folder.path, 'README.md'), readme(source, [...files.keys()], main));
  },
};

function picturesFirst(a: Modality, b: Modality): number {
  return Number(b === 'image') - Number(a === 'image');
}

async function writeRow(
  { key, items, class: concept, split, strength }: ExportRow,
  main: Modality | undefined,
  folder: ExportFolder,
  files: Map<string, TextFile>,
): Promise<void> {
  const media = main && items[main];
  if (media === undefined)
    return folder.leaveOut(`it has no ${main ?? 'media'}, which Hugging Face needs in every row`);
  if (items.audio !== undefined && isSegment(items.audio))
    return folder.leaveOut('its sound is a segment of a longer one');
  const below = splitName(split);
  const sound = main === 'audio' ? undefined : items.audio;
  const line = {
    file_name: await folder.bring(media, below),
    audio: sound && (await folder.bring(sound, below)),
    text: items.text && (await folder.textOf(items.text)),
    class: concept,
    strength,
    key,
  };
  const file = files.get(below) ?? (await TextFile.create(join(folder.path, below, METADATA)));
  files.set(below, file);
  await file.line(JSON.stringify(line));
}

/** Rows without a split are for training, as Hugging Face takes them. */
function splitName(split: string | undefined): string {
  return (split ?? 'train').replace(/[^\p{L}\p{N}_.]/gu, '_').replace(/^\.+|\.+$/g, '_');
}

/** Where there are several kinds of media, Hugging Face must be told which loader reads them. */
function readme({ name, snapshot }: ExportSource, splits: readonly string[], main: Modality | undefined): string {
  const files = splits.map(
    (split) => `      - split: ${JSON.stringify(split)}\n        path: ${JSON.stringify(`${split}/**`)}`,
  );
  return `---
configs:
  - config_name: default
    data_files:
${files.join('\n')}
---

# ${name}

Exported by PairLab from the snapshot ${snapshot.id}.

    load_dataset("${main === 'audio' ? 'audiofolder' : 'imagefolder'}", data_dir="<this folder>")
`;
}
