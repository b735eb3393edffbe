import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import type { Candidate, Format } from '../../../../src/dataset/formats/format.ts';
import { Staging } from '../../../../src/dataset/staging.ts';
import type { FileEntry } from '../../../../src/dataset/walk.ts';
import { type Files, placeWith } from '../place.ts';

const Cells = z.record(z.string(), z.unknown());

export interface Found {
  readonly items: Record<string, unknown>[];
  readonly pairs: Record<string, unknown>[];
  readonly problems: Record<string, unknown>[];
  readonly claims: string[];
}

/** What a layout finds in a folder, in the order in which it is added. Settings go through the schema of the layout. */
export async function readFormat<S extends z.ZodType<{ layout: string }>>(
  format: Format<S>,
  pairing: z.input<S>,
  root: string,
): Promise<Found> {
  const staging = await Staging.create(root);
  onTestFinished(() => staging.close());
  for (const file of await filesOf(root)) staging.file(file);
  staging.database.flush();
  await format.read(format.schema.parse(pairing), staging, {});
  staging.database.flush();
  const all = (query: string): Promise<Record<string, unknown>[]> => staging.database.query(query, {}, Cells);
  const found = (what: 'items' | 'pairs'): Promise<Record<string, unknown>[]> =>
    all(`SELECT * EXCLUDE (turn) FROM (${staging.findings(what)})`);
  const claims = await staging.database.query(
    'SELECT path FROM claims ORDER BY path',
    {},
    z.object({ path: z.string() }),
  );
  return {
    items: await found('items'),
    pairs: await found('pairs'),
    problems: await all('SELECT * FROM problems'),
    claims: claims.map(({ path }) => path),
  };
}

/** {@link readFormat} on a folder with these files. */
export async function readFiles<S extends z.ZodType<{ layout: string }>>(
  format: Format<S>,
  pairing: z.input<S>,
  files: Files,
): Promise<Found> {
  return await readFormat(format, pairing, await placeWith(files));
}

/** The settings that a layout proposes for a folder with these files. */
export async function proposed<S extends z.ZodType<{ layout: string }>>(
  format: Format<S>,
  files: Files,
): Promise<Candidate<z.infer<S>>['pairing'][]> {
  const root = await placeWith(files);
  const candidates = await format.propose({ root, files: await filesOf(root), refuse: () => {} }, {});
  return candidates.map(({ pairing }) => pairing);
}

async function filesOf(root: string): Promise<FileEntry[]> {
  const files: FileEntry[] = [];
  for (const name of await readdir(root, { recursive: true })) {
    const found = await stat(join(root, name));
    const path = name.split(sep).join('/');
    if (found.isFile()) files.push({ path, bytes: found.size, modified: found.mtimeMs });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** "a.jpg — captions.json#1: A dog." for each pair. */
export function inWords({ pairs, items }: Found): string[] {
  const texts = new Map(items.map(({ id, text }) => [id, text]));
  return pairs.map(({ firstItem, secondItem }) => `${firstItem} — ${secondItem}: ${texts.get(secondItem)}`);
}

/** "bad-row pairs.csv#2" for each problem. */
export function faults({ problems }: Found): string[] {
  return problems.map(({ kind, where }) => `${kind} ${where}`);
}

/** Paths of the media items, once each, sorted. */
export function media({ items }: Found): unknown[] {
  return [...new Set(items.filter(({ modality }) => modality !== 'text').map(({ id }) => id))].toSorted();
}
