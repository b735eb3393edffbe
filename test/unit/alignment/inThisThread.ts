import type { Products } from '../../../src/alignment/products/pool.ts';
import { perform } from '../../../src/alignment/products/work.ts';
import { throwIfCancelled } from '../../../src/base/errors.ts';

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
