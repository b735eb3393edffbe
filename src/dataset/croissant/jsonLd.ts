import * as z from 'zod';

/** An object of a JSON-LD document whose keys have no prefix. */
export type Node = Readonly<Record<string, unknown>>;

const Node = z.record(z.string(), z.unknown());
const MAX_DEPTH = 64;

/** Values below these keys are data, not description. */
const DATA: ReadonlySet<string> = new Set(['data', 'examples', 'value']);

/**
 * Takes the prefixes from all keys of a JSON-LD document: `cr:recordSet`, `http://mlcommons.org/croissant/recordSet` and
 * `recordSet` are one. Documents write them as they like, and no other meaning of a key occurs in Croissant.
 */
export function normalise(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((element) => normalise(element, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = key.startsWith('@') ? key : key.replace(/^.*[/:#]/, '');
      return [name, DATA.has(name) ? inner : normalise(inner, depth + 1)];
    }),
  );
}

/** The objects of a value that is one, a list of them, or absent. */
export function nodes(value: unknown): Node[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list
    .map((element) => (Array.isArray(element) ? undefined : Node.safeParse(element).data))
    .filter((node) => node !== undefined);
}

/** The texts of a value that is one, a list of them, or absent; "None", as Python writes what is absent, is none. */
export function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((element) => typeof element === 'string').filter((text) => text !== 'None' && text !== '');
}
