import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  type Accuracy,
  readAccuracies,
  renderAccuracies,
  withEarlierAccuracies,
  writeAccuracies,
} from '../../reproduce/accuracies.ts';
import { encodersOf } from '../../reproduce/findings.ts';

const EXPERIMENT = 'set/text-image-methods';
const SETTINGS = new Map([[EXPERIMENT, 'abc']]);

function accuracy(method: string, means: readonly number[], computed = '2026-12-01'): Accuracy {
  const byShots = means.map((mean, index) => ({ shots: 1 + 4 * index, mean, interval: 0.01 }));
  return {
    experiment: EXPERIMENT,
    method,
    byShots,
    tasks: 300,
    settings: 'abc',
    encoders: encodersOf(EXPERIMENT),
    computed,
  };
}

it('keeps what other machines found about methods that were not run here', () => {
  const [croma, oracle] = [accuracy('croma', [0.5]), accuracy('oracle', [0.4])];
  const again = accuracy('croma', [0.6], '2026-12-02');
  expect(withEarlierAccuracies([again], [croma, oracle], SETTINGS)).toEqual([again, oracle]);
});

it('dates an accuracy by the day on which it was first computed', () => {
  const croma = accuracy('croma', [0.5]);
  expect(withEarlierAccuracies([accuracy('croma', [0.5], '2026-12-02')], [croma], SETTINGS)).toEqual([croma]);
});

it('forgets experiments that are gone, and what was found with other settings or another version of an encoder', () => {
  const croma = accuracy('croma', [0.5]);
  expect(withEarlierAccuracies([], [croma], new Map())).toEqual([]);
  expect(withEarlierAccuracies([], [croma], new Map([[EXPERIMENT, 'other']]))).toEqual([]);
  expect(withEarlierAccuracies([], [{ ...croma, encoders: 'patches 1' }], SETTINGS)).toEqual([]);
});

it('has a table for each experiment, the best method first', () => {
  expect(renderAccuracies([accuracy('scratch', [0.312, 0.5]), accuracy('croma', [0.4, 0.75])])).toBe(
    [
      '### set/text-image-methods',
      '',
      '| method | k=1 | k=5 | tasks | computed |',
      '| --- | --- | --- | --- | --- |',
      '| `croma` | 40.0 ± 1.0 | 75.0 ± 1.0 | 300 | 2026-12-01 |',
      '| `scratch` | 31.2 ± 1.0 | 50.0 ± 1.0 | 300 | 2026-12-01 |',
    ].join('\n'),
  );
});

it('reads what it wrote', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-accuracies-'));
  const path = join(folder, 'accuracies.json');
  expect(await readAccuracies(path)).toEqual([]);
  await writeAccuracies(path, [accuracy('croma', [0.5])]);
  expect(await readAccuracies(path)).toEqual([accuracy('croma', [0.5])]);
  await rm(folder, { recursive: true });
});
