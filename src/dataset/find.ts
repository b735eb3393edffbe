import type { Problem } from '../protocol.ts';
import type { DatasetConfig } from './config.ts';
import { readClassFolders } from './formats/classFolders.ts';
import type { Finding, FoundItem, FoundPair, Place } from './formats/format.ts';
import { readStems } from './formats/stem.ts';
import { readTable } from './formats/table.ts';

/** Everything that a layout finds in a place. */
export interface Found {
  readonly items: FoundItem[];
  readonly pairs: FoundPair[];
  readonly problems: Problem[];
}

/** Reads the names and tables of a place, no media. Throws {@link InputError} when the layout does not fit it. */
export async function find(pairing: DatasetConfig['pairing'], place: Place, signal?: AbortSignal): Promise<Found> {
  const found: Found = { items: [], pairs: [], problems: [] };
  for await (const finding of findingsOf(pairing, place, signal)) {
    if (finding.type === 'item') found.items.push(finding.item);
    else if (finding.type === 'pair') found.pairs.push(finding.pair);
    else found.problems.push(finding.problem);
  }
  return found;
}

/** Items that take part in no pair. */
export function lonersOf({ items, pairs }: Pick<Found, 'items' | 'pairs'>): FoundItem[] {
  const paired = new Set(pairs.flatMap(({ first, second }) => [first.item, second.item]));
  return items.filter((item) => !paired.has(item.id));
}

function findingsOf(pairing: DatasetConfig['pairing'], place: Place, signal?: AbortSignal): AsyncGenerator<Finding> {
  switch (pairing.layout) {
    case 'stem':
      return readStems(pairing, place, signal);
    case 'class-folders':
      return readClassFolders(pairing, place, signal);
    case 'table':
      return readTable(pairing, place, signal);
  }
}
