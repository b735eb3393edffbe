import type { Problem } from '../protocol.ts';
import type { Examined } from './examine.ts';
import { type FoundItem, inList } from './formats/format.ts';

const NAMED = 5;

/**
 * Items of one modality with the same bytes, a problem for each group. Copies of a picture or a sound are a warning, and
 * a leak when they stand in several splits; equal texts are often meant (two pictures, one caption) and so information.
 */
export function findDuplicates(items: readonly FoundItem[], examined: readonly Examined[]): Problem[] {
  const groups = new Map<string, FoundItem[]>();
  for (const [index, item] of items.entries()) {
    const result = examined[index];
    if (result?.sha256 === undefined || result.bytes === 0) continue;
    const key = `${item.modality} ${result.sha256}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()].filter((group) => group.length > 1).map(describe);
}

function describe(group: readonly FoundItem[]): Problem {
  const ids = group.map((item) => item.id);
  const [where = '', ...others] = ids;
  const isText = group.every((item) => item.modality === 'text');
  return {
    kind: 'exact-duplicate',
    severity: isText ? 'information' : 'warning',
    where,
    sentence: `${where} has the same ${isText ? 'text' : 'content'} as ${named(others)}${conflict(group, isText)}.`,
    items: ids,
  };
}

function conflict(group: readonly FoundItem[], isText: boolean): string {
  const splits = distinct(group.map((item) => item.split));
  const classes = distinct(group.map((item) => item.class));
  const advice = isText ? '' : ': keep one';
  if (splits.length > 1 && !isText) {
    return `, in the splits ${inList(splits)}: a leak, because what is tested was seen in training. Keep them in one split`;
  }
  return classes.length > 1 ? `, in the classes ${inList(classes)}${advice}` : advice;
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}

function named(ids: readonly string[]): string {
  return ids.length <= NAMED ? inList(ids) : `${ids.slice(0, NAMED).join(', ')} and ${ids.length - NAMED} more`;
}
