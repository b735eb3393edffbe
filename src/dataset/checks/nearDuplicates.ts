import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import { NEAR, similarity } from '../../modality/similarity.ts';
import { Modality } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import { batchOf, runInBatches } from './batches.ts';
import type { Check } from './check.ts';
import { SAYS_NOTHING } from './mediaMeasures.ts';

/**
 * Items that share a band stand in the order of their signatures, and each is compared with so many before it. So the
 * work grows with the number of items, however many share a band.
 */
export const COMPARED = 64;

/** Copies are represented by the first of them. */
const BANDED = `CREATE OR REPLACE TABLE banded AS
  WITH bands AS (
    SELECT hash(modality, unnest(bands)) AS bucket, number FROM checked
    WHERE signature IS NOT NULL AND NOT (${SAYS_NOTHING}) AND number NOT IN (SELECT number FROM copies WHERE rank > 1)
  )
  SELECT * FROM bands WHERE bucket IN (SELECT bucket FROM bands GROUP BY bucket HAVING count(*) > 1)`;

/** The order depends on the items alone, and not on where they lie in a table. */
const IN_ORDER = `SELECT (bucket >> 11)::BIGINT AS bucket, number, modality, signature
  FROM banded JOIN checked USING (number) ORDER BY bucket, signature, md5_number_lower(id), number`;

const Member = z.object({ bucket: z.number(), number: z.number(), modality: Modality, signature: z.string() });
type Member = z.infer<typeof Member>;

/** `alike`: the items that are nearly the same as others of their modality, by groups. */
const ALIKE = `CREATE OR REPLACE TABLE alike AS
  SELECT "group", ${batchOf('"group"')}, id, modality, split, place
  FROM alike_numbers JOIN checked USING (number)`;

const PROBLEMS = `INSERT INTO problems BY NAME
  WITH groups AS (
    SELECT modality, list(id ORDER BY place, id) AS items FROM alike WHERE batch = $batch GROUP BY "group", modality
  )
  SELECT
    'near-duplicate' AS kind,
    CASE modality WHEN 'text' THEN 'information' ELSE 'warning' END AS severity,
    items[1] AS "where",
    items[1] || CASE modality WHEN 'image' THEN ' looks' WHEN 'audio' THEN ' sounds' ELSE ' reads' END
      || ' nearly the same as ' || named(items[2:])
      || CASE modality WHEN 'text' THEN ': leave it when it is meant.' ELSE ': compare them and keep one.' END AS sentence,
    items,
    CASE WHEN modality <> 'text' THEN 'Exclude ' || named(items[2:]) END AS fixTitle,
    CASE WHEN modality <> 'text' THEN items[2:] END AS fixExclude
  FROM groups`;

/** Pictures, sounds and texts that are nearly the same: groups in which each member is like another one. */
export const nearDuplicates: Check = {
  inContents: ['near-duplicate'],
  run: async (staging, job) => {
    const { database } = staging;
    await database.run(BANDED, {}, job.signal);
    const { groups, crowded } = await compare(staging, job);
    await database.createTable('alike_numbers', { number: 'count', group: 'count' });
    for (const number of groups.members()) database.append('alike_numbers', { number, group: groups.groupOf(number) });
    database.flush();
    await database.run(ALIKE, {}, job.signal);
    await runInBatches(database, 'alike', PROBLEMS, job.signal);
    for (const [modality, buckets] of crowded) tellCrowded(staging, modality, buckets);
    database.flush();
  },
};

interface Compared {
  readonly groups: Groups;
  /** How many buckets had members that were not all compared with each other. */
  readonly crowded: ReadonlyMap<Modality, number>;
}

async function compare({ database }: Staging, { signal }: Job): Promise<Compared> {
  const groups = new Groups();
  const crowded = new Map<Modality, number>();
  let bucket: Member[] = [];
  let size = 0;
  for await (const members of database.stream(IN_ORDER, {}, Member, signal)) {
    for (const member of members) {
      if (member.bucket !== bucket[0]?.bucket) [bucket, size] = [[], 0];
      for (const other of bucket) groups.joinIfNear(member, other);
      bucket.push(member);
      size++;
      if (bucket.length > COMPARED) bucket.shift();
      if (size === COMPARED + 2) crowded.set(member.modality, (crowded.get(member.modality) ?? 0) + 1);
    }
  }
  return { groups, crowded };
}

function tellCrowded(staging: Staging, modality: Modality, buckets: number): void {
  const things = { image: 'pictures', audio: 'sounds', text: 'texts' }[modality];
  staging.problem({
    kind: 'near-duplicate',
    severity: 'information',
    where: '.',
    sentence: `Sets of more than ${COMPARED + 1} ${things} that may be nearly the same: ${buckets.toLocaleString('en')}. Each member was compared with ${COMPARED} others only, so that some near-duplicates may not be named.`,
    items: [],
  });
}

/** Connected groups of numbers; the group is named by its smallest member. */
class Groups {
  readonly #parents = new Map<number, number>();

  joinIfNear(a: Member, b: Member): void {
    const near = NEAR[a.modality];
    if (similarity(a.modality, a.signature, b.signature, near) < near) return;
    const [groupOfA, groupOfB] = [this.groupOf(a.number), this.groupOf(b.number)];
    const group = Math.min(groupOfA, groupOfB);
    this.#parents.set(groupOfA, group);
    this.#parents.set(groupOfB, group);
    this.#parents.set(group, group);
  }

  members(): Iterable<number> {
    return this.#parents.keys();
  }

  groupOf(number: number): number {
    let group = number;
    for (let parent = this.#parents.get(group); parent !== undefined && parent !== group; ) {
      group = parent;
      parent = this.#parents.get(group);
    }
    if (group !== number) this.#parents.set(number, group);
    return group;
  }
}
