import { setTimeout as delay } from 'node:timers/promises';

/** Looks again and again until there is an answer. mocha's own limit ends a search that finds none. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(100);
  }
}
