import { describe, expect, it } from 'vitest';
import { renderCsv } from '../../../src/experiment/report/csv.ts';
import type { Measured } from '../../../src/experiment/report/rows.ts';
import type { ExperimentReport } from '../../../src/protocol.ts';
import { rankCorrelation } from '../../reproduce/finding.ts';
import { Results } from '../../reproduce/results.ts';
import { type Evidence, type ResultsOf, rowsOf } from '../../reproduce/rows.ts';
import type { Advised } from '../../reproduce/statements/advice.ts';
import type { TrialResults } from '../../reproduce/trials/measure.ts';
import { trials } from '../../reproduce/trials/trials.ts';
import { reportOf, run } from '../experiment/made.ts';

const NAMES = ['set/text-image-methods', 'set/text-image-pairs', 'set/text-image-label-noise'];

function resultsOf(runs: readonly Measured[], fields: Partial<ExperimentReport> = {}): Results {
  return Results.read(renderCsv(runs), reportOf(runs, fields));
}

function evidence(of: ResultsOf, found: Partial<Evidence> = {}): Evidence {
  return { names: NAMES, resultsOf: of, settingsOf: (names) => names.join(), trials: new Map(), advised: [], ...found };
}

function verdictsOf(found: Readonly<Record<string, Results>>): Record<string, string> {
  const rows = rowsOf(evidence((name) => found[name])).filter(({ data }) => data === 'set/text-image');
  return Object.fromEntries(rows.map(({ id, verdict }) => [id, verdict]));
}

/** Four tasks about a mean. */
const about = (centre: number) => [-0.01, 0.01, 0.02, -0.02].map((offset) => centre + offset);

function methods(accuracies: Readonly<Record<'croma' | 'scratch' | 'source-only', readonly number[]>>): Results {
  const runs = [1, 5, 10].flatMap((shots, at) =>
    (['croma', 'scratch', 'source-only'] as const).map((method) =>
      run(method, 0, about(accuracies[method][at] ?? 0), { shots }),
    ),
  );
  return resultsOf(runs);
}

describe('a verdict is computed', () => {
  it('holds where every paired difference lies clearly above 0, and does not where one is at 0', () => {
    const good = methods({ croma: [0.5, 0.7, 0.8], scratch: [0.4, 0.6, 0.75], 'source-only': [0.41, 0.6, 0.75] });
    expect(verdictsOf({ [NAMES[0] ?? '']: good })).toMatchObject({ C1: 'holds', C2: 'holds', C3: 'holds' });
    const bad = methods({ croma: [0.5, 0.7, 0.75], scratch: [0.4, 0.6, 0.75], 'source-only': [0.5, 0.6, 0.75] });
    expect(verdictsOf({ [NAMES[0] ?? '']: bad })).toMatchObject({ C1: 'does not hold', C3: 'does not hold' });
  });

  it('cannot be tested where a method or an experiment was not run, and says so', () => {
    const found = methods({ croma: [0.5, 0.7, 0.8], scratch: [0.4, 0.6, 0.75], 'source-only': [0.4, 0.6, 0.75] });
    const rows = rowsOf(evidence((name) => (name === NAMES[0] ? found : undefined)));
    expect(rows.find(({ id }) => id === 'C5')).toMatchObject({
      verdict: 'cannot be tested',
      why: 'no run of oracle with 1 shots has finished',
    });
    expect(rows.find(({ id }) => id === 'C7')).toMatchObject({ why: 'its experiments were not run' });
    expect(rows.find(({ id }) => id === 'M4')).toMatchObject({ why: 'fewer than 3 of its experiments were run' });
  });

  it('sees more pairs help from a floor at scratch', () => {
    const runs = [1, 2, 5, 10].flatMap((pairsPerClass, at) => [
      run('croma', 0, about([0.6, 0.6, 0.65, 0.7][at] ?? 0), { pairsPerClass }),
      run('scratch', 0, [0.6, 0.6, 0.6, 0.6], { pairsPerClass }),
    ]);
    expect(verdictsOf({ [NAMES[1] ?? '']: resultsOf(runs) }).C7).toBe('holds');
  });

  it('needs CROMA above scratch at every rate of label noise', () => {
    const noisy = (last: number) =>
      resultsOf(
        [0, 0.2, 0.4, 0.6].flatMap((labelNoise, at) => [
          run('croma', 0, about([0.8, 0.7, 0.6, last][at] ?? 0), { labelNoise }),
          run('scratch', 0, [0.5, 0.5, 0.5, 0.5], { labelNoise }),
        ]),
      );
    expect(verdictsOf({ [NAMES[2] ?? '']: noisy(0.55) }).C9).toBe('holds');
    expect(verdictsOf({ [NAMES[2] ?? '']: noisy(0.5) }).C9).toBe('does not hold');
  });
});

describe('a trial is judged by what was measured', () => {
  const judged = (found: TrialResults) => {
    const rows = rowsOf(evidence(() => undefined, { trials: new Map([['set/text-image', found]]) }));
    return Object.fromEntries(
      rows.flatMap(({ id, verdict }) => (trials.some((trial) => trial.id === id) ? [[id, verdict]] : [])),
    );
  };

  it('cannot be tested before', () => {
    expect(new Set(Object.values(judged({})))).toEqual(new Set(['cannot be tested']));
  });

  it.each([
    ['C11', { released: { fixed: [0.1, 0.3], fresh: [0, 0.3] }, copies: { fixed: [0, 0], fresh: [0, 0] } }, false],
    ['C11', { released: { fixed: about(0.2), fresh: about(0) }, copies: { fixed: [0, 0], fresh: [0, 0] } }, true],
    ['C11', { released: { fixed: about(0.2), fresh: about(0) }, copies: { fixed: [0, 0.01], fresh: [0, 0] } }, false],
    ['C13', { methods: ['croma', 'scratch'], changed: [] }, true],
    ['C13', { methods: ['croma', 'scratch'], changed: ['croma'] }, false],
    ['M8', { value: 0.5, renamed: [0.5, 0.5], mislabelled: about(0.7) }, true],
    ['M8', { value: 0.5, renamed: [0.5, 0.6], mislabelled: about(0.7) }, false],
    ['M8', { value: 0.5, renamed: [0.5, 0.5], mislabelled: about(0.5) }, false],
    ['N1', { trained: [0.9, 0.8, 0.7], untrained: 0.5 }, true],
    ['N1', { trained: [0.79, 0.7, 0.6], untrained: 0.5 }, false],
    ['N1', { trained: [0.9, 0.8, 0.85], untrained: 0.5 }, false],
    ['N3', { areas: [0.8, 0.9, 0.88, 0.7] }, true],
    ['N3', { areas: [0.9, 0.85, 0.8, 0.7] }, false],
    ['N3', { areas: [0.8, 0.9, 0.9, 0.89] }, false],
  ])('%s of %j: %s', (id, found, holds) => {
    expect(judged({ [id]: found })[id]).toBe(holds ? 'holds' : 'does not hold');
  });
});

describe('the advice', () => {
  const setUp = (advice: Advised['advice'], mean: number): Advised => ({
    name: `set/${advice}`,
    advice,
    gain: { mean, interval: 0.01, tasks: 100 },
  });
  const judged = (advised: readonly Advised[]) =>
    rowsOf(evidence(() => undefined, { advised })).find(({ id }) => id === 'A1');

  it('is right where likely gains are gains and unlikely ones are none; uncertain does not count', () => {
    const found = judged([setUp('likely', 0.1), setUp('unlikely', 0), setUp('likely', 0.005), setUp('uncertain', 0)]);
    expect(found).toMatchObject({ verdict: 'holds' });
    expect(found?.effect).toMatch(/^2 of 3 agree/);
    expect(judged([setUp('likely', 0.1), setUp('unlikely', 0.1), setUp('likely', 0)])?.verdict).toBe('does not hold');
  });

  it('cannot be judged by two set-ups', () => {
    expect(judged([setUp('likely', 0.1), setUp('unlikely', 0)])?.verdict).toBe('cannot be tested');
  });
});

it('averages the differences of a task over the numbers of shots', () => {
  const results = methods({ croma: [0.5, 0.7, 0.9], scratch: [0.4, 0.6, 0.7], 'source-only': [0.4, 0.6, 0.7] });
  const { mean, interval, tasks } = results.differenceOverShots('croma', 'scratch');
  expect(mean).toBeCloseTo(0.4 / 3, 12);
  expect([interval, tasks]).toEqual([expect.closeTo(0, 12), 4]);
});

it('ranks correlate by Spearman, with ties sharing their rank', () => {
  expect(rankCorrelation([1, 2, 3, 4], [2, 4, 8, 16])).toBe(1);
  expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBe(-1);
  // scipy.stats.spearmanr([1, 2, 3, 4], [1, 3, 3, 2]).statistic
  expect(rankCorrelation([1, 2, 3, 4], [1, 3, 3, 2])).toBeCloseTo(0.31622776601683794, 12);
});

it('a row names the experiments that decide it', () => {
  const rows = rowsOf(evidence(() => undefined));
  const settings = (id: string) => rows.find((row) => row.id === id)?.settings;
  expect(settings('C1')).toBe('set/text-image-methods');
  expect(settings('C7')).toBe('set/text-image-pairs');
  expect(settings('A1')).toBe('set/text-image-methods');
});

describe('naive fine-tuning', () => {
  const targets = ['one/image-audio', 'two/image-audio', 'two/image-image'];
  const found: Record<string, Results> = {};
  for (const target of targets) {
    const transfer = [run('mona', 0, about(0.8)), run('orca-otdd', 0, about(0.7)), run('fine-tune', 0, about(0.75))];
    found[`${target}-transfer`] = resultsOf(transfer);
    found[`${target}-random`] = resultsOf([run('fine-tune', 0, about(0.6))]);
  }
  const rankRow = (of: ResultsOf) =>
    rowsOf(evidence(of, { names: targets.flatMap((target) => [`${target}-transfer`, `${target}-random`]) })).find(
      ({ id }) => id === 'M4',
    );

  it('is that with a new embedder where MoNA and ORCA are ranked, and the other one is told beside it', () => {
    expect(rankRow((name) => found[name])).toMatchObject({
      verdict: 'holds',
      effect: '1.00, 2.00, 3.00; with fine-tuning from the source’s embedder in its place 1.00, 3.00, 2.00',
      settings:
        targets.map((target) => `${target}-transfer`).join() + targets.map((target) => `,${target}-random`).join(''),
    });
  });

  it('is missed where it was not run', () => {
    const without = rankRow((name) => (name === 'two/image-image-random' ? undefined : found[name]));
    expect(without).toMatchObject({ verdict: 'cannot be tested', why: 'fewer than 3 of its experiments were run' });
  });
});
