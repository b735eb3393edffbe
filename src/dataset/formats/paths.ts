import { posix } from 'node:path';

/** Path below the root that a cell means; `undefined` for an address, an absolute path or one that climbs out. */
export function resolvePath(cell: string, folder: string): string | undefined {
  const slashed = cell.replaceAll('\\', '/');
  if (slashed.includes('://') || slashed.startsWith('/') || /^[A-Za-z]:/.test(slashed)) return undefined;
  const path = posix.normalize(posix.join(folder, slashed));
  return path === '..' || path.startsWith('../') ? undefined : path;
}

/** A condition in SQL that is true for cells which {@link resolvePath} only puts behind the folder. */
export function isPlainPath(cell: string): string {
  return `NOT regexp_matches(${cell}, '\\\\|//|^/|^[A-Za-z]:|(^|/)\\.{1,2}(/|$)|/$')`;
}

/** A folder as the beginning of the paths in it: "" for the root, "a/b/" for a/b. */
export function asPrefix(folder: string): string {
  return folder === '.' || folder === '' ? '' : `${posix.normalize(folder).replace(/\/$/, '')}/`;
}

/** The base name without its last extension. */
export function bareName(path: string): string {
  return posix.basename(path, posix.extname(path));
}
