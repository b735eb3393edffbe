import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import * as z from 'zod';
import { throwIfCancelled } from '../../base/errors.ts';
import { writeJson } from '../../base/files.ts';
import type { Modality } from '../../protocol.ts';
import { describeInCroissant, REQUIRED_ABOUT } from '../croissant/describe.ts';
import { inList } from '../formats/format.ts';
import type { Exporter, ExportFolder, ExportRow, ExportSource } from './export.ts';
import { manifestColumns } from './manifest.ts';
import { isSegment } from './media.ts';
import { parquet } from './parquet.ts';

const MANIFEST = 'pairs.parquet';
const DESCRIPTION = 'croissant.json';
const Bytes = z.instanceof(Buffer);

/**
 * A Croissant 1.1 description, the table of the pairs and the media beside it. The table is Parquet, because readers of
 * CSV and JSON Lines take names and captions such as "0001" and "null" for something else.
 */
export const croissant: Exporter = {
  name: 'croissant',
  summary: 'a Croissant 1.1 description with a table of the pairs',
  media: ['copy', 'link'],
  write: async (source, folder, settings, job) => {
    const places = new Map<Modality, MediaPlaces>();
    const whole = withoutSegments(source, folder);
    await parquet.write(whole, watching(folder, places), settings, job);
    const path = join(folder.path, MANIFEST);
    await writeJson(
      join(folder.path, DESCRIPTION),
      describeInCroissant({
        name: source.name,
        about: settings.about,
        summary: `${source.count.toLocaleString('en')} pairs of ${inList(source.modalities)}, written by PairLab from the snapshot ${source.snapshot.id}.`,
        manifest: { file: MANIFEST, bytes: (await stat(path)).size, sha256: await checksum(path, job.signal) },
        columns: Object.keys(manifestColumns(whole)),
        files: new Map([...places].map(([modality, found]) => [modality, found.described()])),
        classes: source.classes,
        splits: source.splits,
      }),
    );
    const missing = REQUIRED_ABOUT.filter((name) => settings.about[name] === undefined);
    if (missing.length > 0) {
      folder.note(
        `Croissant requires ${inList(missing)}, which nobody gave: ${DESCRIPTION} is without. Add them there.`,
      );
    }
  },
};

/** Croissant has no word for a segment of a sound. */
function withoutSegments(source: ExportSource, folder: ExportFolder): ExportSource {
  const isWhole = ({ items }: ExportRow): boolean => {
    const isPart = items.audio !== undefined && isSegment(items.audio);
    if (isPart) folder.leaveOut('its sound is a segment of a longer one');
    return !isPart;
  };
  return {
    ...source,
    hasSegments: false,
    rows: async function* () {
      for await (const rows of source.rows()) yield rows.filter(isWhole);
    },
  };
}

/** The same folder, which remembers where media are put. */
function watching(folder: ExportFolder, places: Map<Modality, MediaPlaces>): ExportFolder {
  return {
    path: folder.path,
    placeOf: async (item) => {
      const place = await folder.placeOf(item);
      const known = places.get(item.modality) ?? new MediaPlaces();
      places.set(item.modality, known);
      known.add(place);
      return place;
    },
    bring: (item, below) => folder.bring(item, below),
    textOf: (item) => folder.textOf(item),
    leaveOut: (reason) => folder.leaveOut(reason),
    note: (sentence) => folder.note(sentence),
  };
}

/** What patterns must match. */
class MediaPlaces {
  readonly #kinds = new Set<string>();
  readonly #bare = new Set<string>();

  add(place: string): void {
    const extension = extname(place);
    const top = place.slice(0, place.indexOf('/') + 1);
    if (extension === '') this.#bare.add(place);
    else this.#kinds.add(`${top}*${extension}`);
  }

  /** Two patterns for each extension: right where "*" stays in a folder, and where it crosses folders. */
  described(): { patterns: string[]; extensions: string[] } {
    const kinds = [...this.#kinds].sort();
    return {
      patterns: [...kinds.flatMap((kind) => [kind, kind.replace('*', '**/*')]), ...[...this.#bare].sort()],
      extensions: kinds.map((kind) => extname(kind).slice(1).toLowerCase()),
    };
  }
}

async function checksum(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    throwIfCancelled(signal);
    hash.update(Bytes.parse(chunk));
  }
  return hash.digest('hex');
}
