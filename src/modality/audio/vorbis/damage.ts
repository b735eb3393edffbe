/** Thrown for a stream that breaks the rules of the format. */
export class DamagedStream extends Error {}

/** Throws {@link DamagedStream} for an index that names nothing. */
export function pick<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new DamagedStream('its setup names what is not there');
  return found;
}
