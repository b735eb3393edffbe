import type { Products } from '../../../src/alignment/products/pool.ts';
import { openWasm } from '../../../src/alignment/products/wasm.ts';
import { perform } from '../../../src/alignment/products/work.ts';
import { throwIfCancelled } from '../../../src/base/errors.ts';
import { WASM_FOLDER } from '../learning/wasm.ts';

/** Does all work in the thread of the test. */
export const inThisThread: Products = {
  async run(name, input, units, _stage, { signal } = {}) {
    throwIfCancelled(signal);
    return [perform(name, input, Array(units).keys())];
  },
};

/** Does the units of a work in turn in two halves, as two threads would. */
export const inTwoParts: Products = {
  async run(name, input, units) {
    const all = [...Array(units).keys()];
    return [0, 1].map((part) =>
      perform(
        name,
        input,
        all.filter((unit) => unit % 2 === part),
      ),
    );
  },
};

/** To be called before any work. */
export async function openProducts(): Promise<void> {
  await openWasm(WASM_FOLDER);
}
