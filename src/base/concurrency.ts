import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from './errors.ts';

/**
 * Applies `work` to every element with at most `limit` running at once; results keep the order of the input.
 * The first failure stops the rest, as does the signal; what is running then ends before this rejects, so that a caller
 * may clean up.
 */
export async function mapConcurrently<T, R>(
  elements: readonly T[],
  limit: number,
  work: (element: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const results = new Array<R>(elements.length);
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed) {
      const index = next++;
      if (index >= elements.length) return;
      throwIfCancelled(signal);
      try {
        results[index] = await work(elements[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(limit, elements.length) }, worker));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}

/** Work that goes on beside other work: its failure is thrown where it is awaited, however late that is. */
export function beside<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/**
 * The elements of a source in their order, of which up to `count` are asked for before they are wanted. The source must
 * take several calls of `next` at once, as generators do. Its failure comes after the elements before it.
 */
export async function* ahead<T>(source: AsyncGenerator<T, undefined>, count: number): AsyncGenerator<T, undefined> {
  const asked: Promise<IteratorResult<T, undefined>>[] = [];
  const ask = (): void => {
    const next = source.next();
    // It is thrown where it is awaited.
    next.catch(() => {});
    asked.push(next);
  };
  try {
    for (let number = 0; number < count; number++) ask();
    for (let next = await asked.shift(); next !== undefined && next.done !== true; next = await asked.shift()) {
      ask();
      yield next.value;
    }
  } finally {
    await source.return(undefined);
  }
}

/**
 * Lets messages, timers and signals be handled in the midst of a long computation, and stops it once the signal is
 * aborted. Call it every few tens of milliseconds of work.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  throwIfCancelled(signal);
}
