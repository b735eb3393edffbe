import { join } from 'node:path';
import type { Location } from '../container/location.ts';
import type { Place } from './formats/format.ts';

/** Where the bytes of an item lie on this machine. Rows of a {@link Place} are counted from 1, those of a location from 0. */
export function locationOf(root: string, { path, member, begin, length, row, column, start, end }: Place): Location {
  return {
    path: join(root, path),
    ...(member === undefined ? {} : { member }),
    ...(begin === undefined || length === undefined ? {} : { begin, length }),
    ...(row === undefined ? {} : { row: row - 1 }),
    ...(column === undefined ? {} : { column }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
}
