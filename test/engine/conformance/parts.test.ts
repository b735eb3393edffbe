import { beforeEach, describe, expect, test } from 'vitest';
import { Method } from '../../../src/protocol.ts';
import { concepts } from '../learning/concepts.ts';
import { settings, trained } from '../learning/trained.ts';
import { open, TESTED } from './tested.ts';

beforeEach(() => open(TESTED));

const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? Number.NaN)), 0) / a.length;

describe(`on ${TESTED}, a batch that is taken in three parts`, () => {
  const data = concepts({ classes: 12, itemsPerClass: 12 });

  test.each(Method.options)('makes the step of %s that the whole batch makes', async (method) => {
    const whole = await trained(method, data, settings);
    const { weights, losses } = await trained(method, data, { ...settings, accumulate: 3 });
    expect(Object.keys(losses)).toEqual(Object.keys(whole.losses));
    for (const [term, loss] of Object.entries(whole.losses)) {
      expect(Math.abs((losses[term] ?? Number.NaN) - loss)).toBeLessThan(5e-5 * Math.max(1, loss));
    }
    // Adam makes full steps also where the gradient is all but zero, so that single weights may go the other way.
    expect(distance(weights, whole.weights)).toBeLessThanOrEqual(0.02 * distance(whole.weights, whole.start));
  });
});
