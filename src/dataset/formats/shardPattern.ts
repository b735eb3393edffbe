import { posix } from 'node:path';
import * as z from 'zod';
import { literal } from '../../base/database.ts';
import { InputError } from '../../base/errors.ts';
import type { Staging } from '../staging.ts';
import { inList } from './format.ts';
import { isInside, placeholdersOf } from './pattern.ts';

const RANGE = /\{(\d+)\.\.(\d+)\}/;
/** More numbers in braces than this are matched, but those that are missing are not looked for. */
const MAX_RANGE = 1_000_000;
const NAMED = 3;

/** The files of a sharded dataset: `{split}/data-{00000..00127}.tar`, `**\/*.tar`. */
export const ShardPattern = z
  .string()
  .refine(isInside, 'A pattern of shards must stay below the root and have "/" between folders.')
  .refine(
    (pattern) => placeholdersOf(pattern).every((name) => name === 'split' || RANGE.test(`{${name}}`)),
    'A pattern of shards may contain {split}, ranges such as {00000..00099}, "*" and "**".',
  );

export interface ShardFile {
  readonly path: string;
  readonly split?: string | undefined;
}

/**
 * The files that patterns mean, in the order of their paths. `*` stands for anything within a name, `**` for folders
 * too, `{split}` for the split. A file that a range of numbers leaves out becomes a problem. Throws {@link InputError}
 * when there is no file at all.
 */
export async function findShards(
  staging: Staging,
  patterns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ShardFile[]> {
  const shards: ShardFile[] = [];
  for (const pattern of patterns) {
    const { expression, hasSplit } = compile(pattern);
    const split = hasSplit ? `regexp_extract(path, ${literal(expression)}, 1)` : 'NULL';
    const rows = await staging.database.query(
      `SELECT path, ${split} AS split FROM files WHERE regexp_full_match(path, ${literal(expression)}) ORDER BY path`,
      {},
      z.object({ path: z.string(), split: z.string().optional() }),
      signal,
    );
    shards.push(...rows);
    nameGaps(staging, pattern, rows);
  }
  if (shards.length > 0) return shards;
  throw new InputError(`No file below ${staging.root} fits ${inList(patterns)}. Correct the dataset file.`);
}

/** The regular expression of RE2 for a pattern; its first group is the split. */
function compile(pattern: string): { expression: string; hasSplit: boolean } {
  const parts = pattern.split(/(\{split\}|\{\d+\.\.\d+\}|\*\*\/|\*\*|\*)/).map((part) => {
    if (part === '{split}') return '([^/]+?)';
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    const range = RANGE.exec(part);
    return range === null ? part.replace(/[.+?^$()|[\]\\{}]/g, '\\$&') : `[0-9]{${range[1]?.length ?? 1},}`;
  });
  return { expression: parts.join(''), hasSplit: pattern.includes('{split}') };
}

/** Shards of a range that are not there: one problem, because a download may lack many. */
function nameGaps(staging: Staging, pattern: string, found: readonly ShardFile[]): void {
  const range = RANGE.exec(pattern);
  const [first, last] = [Number(range?.[1]), Number(range?.[2])];
  if (range === null || pattern.includes('*') || pattern.includes('{split}') || last - first > MAX_RANGE) return;
  const there = new Set(found.map(({ path }) => path));
  const missing: string[] = [];
  for (let number = first; number <= last; number++) {
    const path = pattern.replace(RANGE, String(number).padStart(range[1]?.length ?? 1, '0'));
    if (!there.has(path)) missing.push(path);
  }
  if (missing.length === 0) return;
  const names = missing.slice(0, NAMED).map((path) => posix.basename(path));
  const more = missing.length > NAMED ? [...names, `${missing.length - NAMED} more`] : names;
  const sentence = `${missing.length} of the shards ${pattern} are not there (${inList(more)}): download them or narrow the range.`;
  staging.problem({ kind: 'missing-file', severity: 'warning', where: missing[0] ?? pattern, sentence, items: [] });
}
