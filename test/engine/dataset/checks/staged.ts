import { onTestFinished } from 'vitest';
import * as z from 'zod';
import type { Columns, Row } from '../../../../src/base/database.ts';
import type { Job } from '../../../../src/base/progress.ts';
import { runChecks } from '../../../../src/dataset/checks/checks.ts';
import { FOUND_ITEM_COLUMNS, FOUND_PAIR_COLUMNS, Staging } from '../../../../src/dataset/staging.ts';
import { type Modality, Problem, type ProblemKind } from '../../../../src/protocol.ts';

const ITEMS = {
  ...FOUND_ITEM_COLUMNS,
  bytes: 'count',
  sha256: 'text',
  format: 'text',
  width: 'integer',
  height: 'integer',
  seconds: 'number',
  characters: 'integer',
  decodedHash: 'text',
  signature: 'text',
  bands: 'texts',
  spread: 'number',
  clipped: 'number',
  silent: 'number',
  readable: 'boolean',
} as const satisfies Columns;

const PAIRS = { ...FOUND_PAIR_COLUMNS, excluded: 'boolean' } as const satisfies Columns;

export type StagedItem = Row<typeof ITEMS> & { readonly id: string };

export interface Staged {
  readonly items: readonly StagedItem[];
  readonly pairs?: readonly { readonly first: string; readonly second: string; readonly excluded?: boolean }[];
  /** Files of the root, besides those that are items. */
  readonly files?: readonly string[];
}

/** A staging as it is when the checks run: items and pairs are resolved, and their contents are known. */
export async function stage({ items, pairs = [], files = [] }: Staged): Promise<Staging> {
  const staging = await Staging.create('/data');
  onTestFinished(() => staging.close());
  await staging.database.createTable('items', ITEMS);
  await staging.database.createTable('pairs', PAIRS);
  for (const path of files) staging.file({ path, bytes: 1, modified: 0 });
  for (const item of items)
    staging.database.append('items', { ...DEFAULTS, modality: modalityOf(item.id), path: item.id, ...item });
  for (const { first, second, excluded = false } of pairs) {
    staging.database.append('pairs', { key: first, firstItem: first, secondItem: second, excluded });
  }
  return staging;
}

const DEFAULTS = { bytes: 1000, readable: true };

function modalityOf(id: string): Modality {
  if (id.endsWith('.png') || id.endsWith('.jpg')) return 'image';
  return id.endsWith('.wav') ? 'audio' : 'text';
}

/** What all checks find of one kind, by place. */
export async function problemsOf(kind: ProblemKind, staged: Staged | Staging, job: Job = {}): Promise<Problem[]> {
  const staging = staged instanceof Staging ? staged : await stage(staged);
  await runChecks(staging, job);
  const rows = await staging.database.query(
    'SELECT * FROM problems WHERE kind = $kind ORDER BY "where", sentence',
    { kind },
    StagedProblem,
  );
  return rows.map(({ fixTitle, fixExclude, fixRenameFrom: from, fixRenameTo: to, ...problem }) =>
    Problem.parse({
      ...problem,
      fix: fixTitle && { title: fixTitle, exclude: fixExclude, rename: from && to && { from, to } },
    }),
  );
}

const StagedProblem = Problem.omit({ fix: true }).extend({
  fixTitle: z.string().optional(),
  fixExclude: z.array(z.string()).optional(),
  fixRenameFrom: z.string().optional(),
  fixRenameTo: z.string().optional(),
});
