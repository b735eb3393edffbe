import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Database, fingerprint, identifier } from '../base/database.ts';
import { Modality, type SnapshotSummary } from '../protocol.ts';
import { CONTENT_COLUMNS } from './contentStore.ts';
import { FOUND_ITEM_COLUMNS } from './staging.ts';

// Digests of rows, whatever their order: how many they are, and the XOR of their fingerprints. So rows can be taken out
// of a digest and put into one without the others.

/** {@link digestOf} no row. */
const NONE = '0 ';

/** In SQL, of the fingerprints of some rows. */
export function digestOf(fingerprints: string, filter = ''): string {
  return `count(*) ${filter} || ' ' || coalesce((bit_xor(${fingerprints}) ${filter})::VARCHAR, '')`;
}

/** The digest of all rows after some of them were removed and others added. */
export function replaceIn(all: string, removed: string, added: string): string {
  const [before, out, into] = [partsOf(all), partsOf(removed), partsOf(added)];
  const count = before.count - out.count + into.count;
  return count === 0 ? NONE : `${count} ${before.xor ^ out.xor ^ into.xor}`;
}

function partsOf(digest: string): { count: number; xor: bigint } {
  const [count, xor = ''] = digest.split(' ');
  return { count: Number(count), xor: BigInt(xor) };
}

/** A short name for what has these digests. */
export function nameOf(...digests: readonly string[]): string {
  return createHash('sha256')
    .update(digests.map((digest) => `${digest}\n`).join(''))
    .digest('hex')
    .slice(0, 16);
}

/** What is kept of all items of a snapshot. */
export const ItemDigests = z.object({
  /** Everything that a snapshot shows of the items. */
  shown: z.string(),
  /** What experiments read of the readable items. */
  usable: z.string(),
  /** What encoders read of them, for each modality. */
  contents: z.partialRecord(Modality, z.string()),
});
export type ItemDigests = z.infer<typeof ItemDigests>;

/** What names the content of an item: its text, or the hash of its bytes; of a large file its size and both ends. */
const CONTENT = 'coalesce(text, sha256, fingerprint, id)';

/** What near-duplicates are compared by shows in the problems. */
const ITEM_COLUMNS = [...Object.keys(FOUND_ITEM_COLUMNS), ...Object.keys(CONTENT_COLUMNS), 'readable'].filter(
  (name) => !['signature', 'bands', 'problem', 'fault'].includes(name),
);

const Row = z.object({
  /** Absent in the row of all items. */
  modality: Modality.optional(),
  shown: z.string(),
  usable: z.string(),
  content: z.string(),
});

/** The digests of items, in one pass. `from` is a table or query with the columns of a snapshot's items. */
export async function digestItems(
  database: Database,
  from: string,
  signal: AbortSignal | undefined,
): Promise<ItemDigests> {
  const rows = await database.query(
    `SELECT modality, ${digestOf('shown')} AS shown, ${digestOf('usable', 'FILTER (readable)')} AS usable,
        ${digestOf('content', 'FILTER (readable)')} AS content
      FROM (
        SELECT modality, readable, ${fingerprint(...ITEM_COLUMNS.map(identifier))} AS shown,
          ${fingerprint('id', 'modality', CONTENT, 'class', 'split', '"start"', '"end"')} AS usable,
          ${fingerprint('id', CONTENT, 'split', '"start"', '"end"')} AS content
        FROM ${from}
      ) GROUP BY GROUPING SETS ((modality), ())`,
    {},
    Row,
    signal,
  );
  const { shown = NONE, usable = NONE } = rows.find(({ modality }) => modality === undefined) ?? {};
  const contents: Partial<Record<Modality, string>> = {};
  for (const { modality, content } of rows) if (modality !== undefined) contents[modality] = content;
  return { shown, usable, contents };
}

/** {@link replaceIn} for each digest. */
export function replaceItems(all: ItemDigests, removed: ItemDigests, added: ItemDigests): ItemDigests {
  const contents: Partial<Record<Modality, string>> = {};
  for (const modality of Modality.options) {
    const [before, out, into] = [all, removed, added].map((digests) => digests.contents[modality] ?? NONE);
    const digest = replaceIn(before ?? NONE, out ?? NONE, into ?? NONE);
    if (digest !== NONE || before !== undefined) contents[modality] = digest;
  }
  return {
    shown: replaceIn(all.shown, removed.shown, added.shown),
    usable: replaceIn(all.usable, removed.usable, added.usable),
    contents,
  };
}

/** What names the contents of each modality. */
function nameContents({ contents }: ItemDigests): Record<Modality, string> {
  const name = (modality: Modality): string => nameOf(contents[modality] ?? NONE);
  return { image: name('image'), audio: name('audio'), text: name('text') };
}

/** Of what a snapshot's name is made. */
export const SnapshotDigests = z.object({
  items: ItemDigests,
  /** Of the pairs, what a snapshot shows of them by themselves. */
  pairs: z.string(),
  /** Of the pairs that experiments use. */
  usablePairs: z.string(),
  /** Of the problems that pairs have. */
  troubles: z.string(),
});
export type SnapshotDigests = z.infer<typeof SnapshotDigests>;

/** Of the names of a snapshot: its id, that of its data, those of the contents of each modality. */
export function namesOf(
  { items, pairs, usablePairs, troubles }: SnapshotDigests,
  problems: string,
  decoded: boolean,
): Pick<SnapshotSummary, 'id' | 'data' | 'contents'> {
  return {
    id: nameOf(items.shown, pairs, troubles, problems, `1 ${Number(decoded)}`),
    data: nameOf(items.usable, usablePairs),
    contents: nameContents(items),
  };
}

/** In SQL, of a pair as experiments use it. */
export const USABLE_PAIR = fingerprint('id', 'class', 'split', 'strength', 'firstItem', 'secondItem');
/** Queries for {@link digestRows}: what a snapshot shows of pairs by themselves, their problems, and all problems. */
export const SHOWN_PAIRS = `SELECT ${fingerprint('position', 'pairs.id', 'firstItem', 'secondItem', 'class', 'split', 'strength', 'excluded', 'note')} AS row FROM pairs`;
export const TROUBLES = `SELECT ${fingerprint('position', 'count', 'kinds')} AS row FROM troubles`;
export const PROBLEMS = `SELECT ${fingerprint('ordered_problems::VARCHAR')} AS row FROM ordered_problems`;

const Digest = z.object({ digest: z.string() });

/** The digest of the fingerprints `row` that a query gives. */
export async function digestRows(database: Database, select: string, signal: AbortSignal | undefined): Promise<string> {
  const [found] = await database.query(`SELECT ${digestOf('row')} AS digest FROM (${select})`, {}, Digest, signal);
  return found?.digest ?? '';
}
