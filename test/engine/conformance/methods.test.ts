import { describe, expect, test } from 'vitest';
import { mean } from '../../../src/base/statistics.ts';
import type { Settings } from '../../../src/learning/settings.ts';
import { type BackendName, Method } from '../../../src/protocol.ts';
import { concepts } from '../learning/concepts.ts';
import { settings, trained } from '../learning/trained.ts';
import { open, TESTED } from './tested.ts';

/** Few steps: a backend in software takes a tenth of a second for each. */
const few: Settings = {
  ...settings,
  testTasks: 1,
  iterations: 2,
  innerSteps: 2,
  adaptationSteps: 2,
  transfer: { ...settings.transfer, fineTuneSteps: 2 },
};
const data = concepts({ classes: 12, itemsPerClass: 12 });

async function stepOn(backend: BackendName, method: Method) {
  await open(backend);
  return await trained(method, data, few);
}

/** Mean absolute difference. */
const distance = (a: Float32Array, b: Float32Array): number =>
  mean(Array.from(a, (value, at) => Math.abs(value - (b[at] ?? Number.NaN))));

describe(`a step on ${TESTED}`, () => {
  test.each(Method.options)('of %s goes where it goes on wasm', async (method) => {
    const [reference, tested] = [await stepOn('wasm', method), await stepOn(TESTED, method)];
    expect(Object.keys(tested.losses)).toEqual(Object.keys(reference.losses));
    for (const [term, loss] of Object.entries(reference.losses)) {
      expect(Math.abs((tested.losses[term] ?? Number.NaN) - loss)).toBeLessThan(1e-3 * Math.max(1, Math.abs(loss)));
    }
    // Adam makes full steps also where the gradient is all but zero, so that single weights may go the other way.
    const moved = distance(reference.weights, reference.start);
    expect(distance(tested.weights, reference.weights)).toBeLessThanOrEqual(0.02 * moved);
    // One of the twelve queries may lie on the border of two classes.
    for (const [task, accuracy] of reference.accuracies.entries()) {
      expect(Math.abs((tested.accuracies[task] ?? Number.NaN) - accuracy)).toBeLessThan(0.1);
    }
  });
});
