import { setFlagsFromString } from 'node:v8';

/** Of what is in use. By default V8 lets a heap of some hundred megabytes grow to several times that. */
const GARBAGE_PERCENT = 20;

/**
 * From now on this process collects its garbage, and that of its threads, when the heap has grown by a fifth: for work
 * whose memory lies outside of the heap, beside which collecting costs nothing.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
}
