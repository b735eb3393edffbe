import { beforeAll, describe, expect, test } from 'vitest';
import type { LearningData } from '../../../src/learning/data.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import { Method } from '../../../src/protocol.ts';
import { openWasm } from '../../unit/learning/wasm.ts';
import { concepts } from './concepts.ts';
import { settings, trained } from './trained.ts';

beforeAll(openWasm);

describe('modalities of different sizes, and batches larger than what there is to draw', () => {
  const even = concepts({ classes: 12, itemsPerClass: 12 });
  // Classes of 5 to 12 items, the target's as four tokens of which the last ones may be padding.
  const kept = [...even.source.classes.keys()].filter((row) => row % 12 < 5 + (Math.floor(row / 12) % 8));
  const classes = Int32Array.from(kept, (row) => even.source.classes[row] ?? 0);
  const tokens = even.target.gather(kept).map((value, at) => (at % 32 < 24 || at % 96 < 32 ? value : 0));
  const data: LearningData = {
    ...even,
    source: vectorInputs(
      16,
      even.source.gather(kept).filter((_, at) => at % 32 < 16),
      classes,
    ),
    target: { ...vectorInputs(32, tokens, classes), shape: [4, 8] },
    pairs: kept.map((_, row) => ({ source: row, target: row, class: classes[row] ?? 0 })),
  };
  const large = { ...settings, innerBatch: 50, alignmentBatch: 300, transfer: { ...settings.transfer, batch: 100 } };

  test.each(Method.options)('train %s, also in more parts than a batch has items', async (method) => {
    const whole = await trained(method, data, large);
    const { losses } = await trained(method, data, { ...large, accumulate: 64 });
    for (const [term, loss] of Object.entries(whole.losses)) expect(losses[term]).toBeCloseTo(loss, 3);
    for (const value of whole.measures.flatMap((measures) => Object.values(measures ?? {}))) {
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});
