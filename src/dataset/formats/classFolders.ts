import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import type { Modality } from '../../protocol.ts';
import { classFolderCandidates } from '../guess/folders.ts';
import type { Staging } from '../staging.ts';
import type { Format } from './format.ts';
import { modalitiesIn, PathPattern, patternLeftOver, perModality, placeFiles, placeholdersOf } from './pattern.ts';

const ClassFolderPairing = z.strictObject({
  layout: z.literal('class-folders'),
  items: perModality(
    PathPattern.refine(
      (pattern) => placeholdersOf(pattern).includes('class'),
      'A path pattern of class folders must contain {class}.',
    ),
  ),
});
export type ClassFolderPairing = z.infer<typeof ClassFolderPairing>;

/**
 * Class folders: items of one class (and split) share a concept, so their pairs are weak. The whole relation is "same
 * class"; of it each item of the larger side is linked to one of the smaller side in turn, so that every item is in a pair
 * and the number of pairs stays that of the larger side.
 */
export const classFolders: Format<typeof ClassFolderPairing> = {
  schema: ClassFolderPairing,
  byNames: true,
  modalities: ({ items }) => modalitiesIn(items),
  leftOver: ({ items }, modality) => patternLeftOver(items, modality),
  propose: async ({ files }) => classFolderCandidates(files),
  read: readClassFolders,
};

async function readClassFolders({ items }: ClassFolderPairing, staging: Staging, { signal }: Job): Promise<void> {
  const { database } = staging;
  const modalities = modalitiesIn(items);
  await placeFiles(staging, items, 'up-to-last-dot', signal);
  await database.run(
    `CREATE OR REPLACE TABLE members AS
      SELECT path, modality, split, class, concat_ws('/', split, class) AS folder, regexp_extract(stem, '[^/]*$') AS name,
        row_number() OVER (PARTITION BY split, class, modality ORDER BY path) - 1 AS turn,
        count(*) OVER (PARTITION BY split, class, modality) AS size
      FROM placed`,
    {},
    signal,
  );
  for (const [index, first] of modalities.entries()) {
    for (const second of modalities.slice(index + 1)) {
      await database.run(linkSql(first, second, 'a.size >= b.size AND b.turn = a.turn % b.size'), {}, signal);
      await database.run(linkSql(first, second, 'a.size < b.size AND a.turn = b.turn % a.size'), {}, signal);
    }
  }
  for (const modality of modalities) await database.run(missingSql(modality), {}, signal);
  await database.run('DROP TABLE members');
}

function linkSql(first: Modality, second: Modality, turns: string): string {
  return `INSERT INTO found_pairs
    SELECT a.folder || '/' || a.name || '+' || b.name, '${first}', a.path, '${second}', b.path, a.class, a.split, 'weak', NULL
    FROM members a JOIN members b ON a.folder = b.folder AND ${turns}
    WHERE a.modality = '${first}' AND b.modality = '${second}'`;
}

function missingSql(modality: Modality): string {
  return `INSERT INTO problems (kind, severity, "where", sentence, items)
    SELECT 'missing-counterpart', 'warning', path, path || ' has no ${modality} counterpart: the class ' || class
      || coalesce(' in the split ' || split, '') || ' has no ${modality}.', [path]
    FROM members WHERE folder NOT IN (SELECT folder FROM members WHERE modality = '${modality}')`;
}
