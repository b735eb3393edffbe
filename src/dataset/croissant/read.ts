import { posix } from 'node:path';
import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import type { Staging } from '../staging.ts';
import type { Croissant } from './document.ts';
import { CroissantFiles } from './files.ts';
import { Notes } from './notes.ts';
import { Records } from './records.ts';
import { Sources } from './sources.ts';
import { Transforms } from './transforms.ts';

const File = z.object({ path: z.string(), bytes: z.number() });

/** A description with what is needed to read its records. */
export interface OpenCroissant {
  readonly files: CroissantFiles;
  readonly records: Records;
  readonly notes: Notes;
  close(): void;
}

/** @param file the description, relative to the root */
export async function openCroissant(
  croissant: Croissant,
  file: string,
  staging: Staging,
  { signal }: Job,
): Promise<OpenCroissant> {
  staging.database.flush();
  const listed = await staging.database.query('SELECT path, bytes FROM files ORDER BY path', {}, File, signal);
  const sizes = new Map(listed.map(({ path, bytes }) => [path, bytes]));
  const folder = posix.dirname(file);
  const notes = new Notes(file, (problem) => staging.problem(problem));
  const files = new CroissantFiles(staging.root, folder, croissant, sizes, notes, signal);
  const sources = new Sources(staging.root, folder, files, sizes, notes, signal);
  const transforms = new Transforms(notes, signal);
  const records = new Records(croissant, sources, transforms, notes, file);
  return { files, records, notes, close: () => transforms.close() };
}
