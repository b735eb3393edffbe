import * as z from 'zod';
import { literal } from '../../base/database.ts';
import { Modality } from '../../protocol.ts';
import type { Staging } from '../staging.ts';

/** Where a stem ends in a file name: `v1.5_a.txt` has the stem `v1.5_a` or `v1`. */
export const StemRule = z.enum(['up-to-last-dot', 'up-to-first-dot']);
export type StemRule = z.infer<typeof StemRule>;

const PLACEHOLDERS = /\{([^}]*)\}/g;

export function placeholdersOf(pattern: string): string[] {
  return [...pattern.matchAll(PLACEHOLDERS)].map((match) => match[1] ?? '');
}

/** A relative path with "/" that does not climb out. */
export function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
}

/** Where the items of one modality lie: `images/{class}/{stem}`, without the extension. */
export const PathPattern = z
  .string()
  .refine((pattern) => placeholdersOf(pattern).includes('stem'), 'A path pattern must contain {stem}.')
  .refine(
    (pattern) => placeholdersOf(pattern).every((name) => ['split', 'class', 'stem'].includes(name)),
    'A path pattern may contain {split}, {class} and {stem} only.',
  )
  .refine(
    (pattern) => new Set(placeholdersOf(pattern)).size === placeholdersOf(pattern).length,
    'A path pattern must not contain a placeholder twice.',
  )
  .refine(isInside, 'A path pattern must stay below the root and have "/" between folders.');

/** A setting for each of at least two modalities. */
export function perModality<T extends z.ZodType>(where: T) {
  return z
    .partialRecord(Modality, where)
    .refine(
      (items) => Object.keys(items).length >= 2,
      '"items" needs at least two of image, audio and text: a pair links two modalities.',
    );
}

export type Patterns = Readonly<Partial<Record<Modality, string>>>;

export function modalitiesIn(items: Readonly<Partial<Record<Modality, unknown>>>): Modality[] {
  return Object.keys(items).map((name) => Modality.parse(name));
}

/**
 * Compiles `images/{class}/{stem}` to a regular expression with a group for each placeholder, in their order. `{split}`
 * and `{class}` stand for the shortest text within one folder or file name, `{stem}` for the rest, which may hold "/".
 */
export function compilePattern(pattern: string): { expression: string; groups: string[] } {
  let end = 0;
  let source = '';
  for (const match of pattern.matchAll(PLACEHOLDERS)) {
    source += escaped(pattern.slice(end, match.index)) + (match[1] === 'stem' ? '(.+)' : '([^/]+?)');
    end = match.index + match[0].length;
  }
  return { expression: `^${source}${escaped(pattern.slice(end))}$`, groups: placeholdersOf(pattern) };
}

/** The path that a pattern expects for what another modality's path says, in SQL over `split`, `class` and `stem`. */
export function fillPattern(pattern: string): string {
  const parts = pattern.split(/(\{[^}]*\})/).filter((part) => part !== '');
  return parts.map((part) => (part.startsWith('{') ? `"${part.slice(1, -1)}"` : literal(part))).join(' || ');
}

/**
 * Makes the table `placed` (path, modality, split, class, stem, key): the files that a pattern covers, and finds them as
 * items. Names are compared in Unicode NFC, because file systems differ in it; the key is everything that the
 * placeholders stand for.
 */
export async function placeFiles(
  staging: Staging,
  items: Patterns,
  rule: StemRule,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database } = staging;
  database.flush();
  const selects = modalitiesIn(items).map((modality) => {
    const { expression, groups } = compilePattern(items[modality] ?? '');
    const found = `regexp_extract(nfc_normalize(${withoutExtension(rule)}), ${literal(expression)}, [${groups.map(literal).join(', ')}], 's')`;
    const [split, concept] = ['split', 'class'].map((name) => (groups.includes(name) ? `p."${name}"` : 'NULL'));
    return `SELECT path, modality, ${split} AS split, ${concept} AS class, p.stem AS stem
      FROM (SELECT path, modality, ${found} AS p FROM files WHERE modality = '${modality}') WHERE p.stem <> ''`;
  });
  await database.run(
    `CREATE OR REPLACE TABLE placed AS SELECT *, concat_ws('/', split, class, stem) AS key FROM (${selects.join(' UNION ALL ')})`,
    {},
    signal,
  );
  staging.found('items', 'SELECT rowid AS turn, path AS id, modality, path, split, class FROM placed', ['placed']);
}

export function patternLeftOver(items: Patterns, modality: Modality): string {
  const pattern = items[modality];
  return pattern === undefined ? `the dataset has no ${modality} items` : `it does not fit the pattern ${pattern}`;
}

function withoutExtension(rule: StemRule): string {
  return rule === 'up-to-last-dot'
    ? "regexp_replace(path, '([^/])\\.[^./]*$', '\\1', 's')"
    : "regexp_replace(path, '((?:^|/)[^/][^./]*)\\.[^/]*$', '\\1', 's')";
}

function escaped(text: string): string {
  return text.normalize('NFC').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
