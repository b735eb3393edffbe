import { describe, expect, it, vi } from 'vitest';
import { interval95, mean } from '../../../src/base/statistics.ts';
import { cleanest, poolResults, secondsLeft } from '../../../src/editor/runs/runStates.ts';
import { runWith } from './runs.ts';
import { vscodeText } from './vscodeText.ts';

vi.mock('vscode', () => vscodeText);
const { duration, gridText, loadText, methodsText, methodText, passedOver, runDescription, runLabel } = await import(
  '../../../src/editor/runs/runText.ts'
);

const k1 = { shots: 1, accuracy: 0.523, interval: 0.012, tasks: 600 };
const k5 = { shots: 5, accuracy: 0.61, interval: 0.01, tasks: 600 };

describe('pooling results over seeds', () => {
  it('gives the mean and interval of all test tasks taken together', () => {
    const seeds = [
      [0.4, 0.5, 0.9, 0.2],
      [0.6, 0.7, 0.1],
    ];
    const runs = seeds.map((accuracies) => ({
      results: [
        { shots: 1, accuracy: mean(accuracies), interval: interval95(accuracies) ?? 0, tasks: accuracies.length },
      ],
    }));
    const [pooled] = poolResults(runs);
    expect(pooled?.tasks).toBe(7);
    expect(pooled?.accuracy).toBeCloseTo(mean(seeds.flat()), 12);
    expect(pooled?.interval).toBeCloseTo(interval95(seeds.flat()) ?? Number.NaN, 12);
  });

  it('keeps numbers of shots apart, in ascending order', () => {
    expect(poolResults([{ results: [k5, k1] }]).map(({ shots }) => shots)).toEqual([1, 5]);
  });

  it('gives no interval for a single task', () => {
    const results = [{ shots: 1, accuracy: 0.5, tasks: 1 }];
    expect(poolResults([{ results }])).toEqual([{ shots: 1, accuracy: 0.5, tasks: 1 }]);
  });
});

describe('runs in a grid', () => {
  it('are told apart by their pairs', () => {
    expect(runLabel(runWith({}))).toBe('croma · seed 0');
    expect(runLabel(runWith({ pairNoise: 0.2, pairsPerClass: 5 }))).toBe(
      'croma · seed 0 · 20 % pair noise · 5 pairs per class',
    );
  });

  it('are represented by those with the least noise and the most pairs', () => {
    const runs = [0, 0.5].flatMap((pairNoise) => [5, 30].map((pairsPerClass) => runWith({ pairNoise, pairsPerClass })));
    expect(cleanest([...runs, runWith({ pairNoise: 0, pairsPerClass: 30, seed: 1 })]).map(({ seed }) => seed)).toEqual([
      0, 1,
    ]);
    const noisy = runs.map((run) => ({ ...run, results: [run.pairsPerClass === 30 && run.pairNoise === 0 ? k1 : k5] }));
    expect(methodText(noisy)).toBe('k=1 52.3 ± 1.2 %');
  });
});

describe('the line beside several methods', () => {
  const croma = runWith({ results: [k1, k5] });
  const scratch = runWith({ method: 'scratch', results: [k1] });

  it('tells the accuracy of each with the most shots, in the order of the line', () => {
    const other = { ...scratch, results: [k1, { ...k5, accuracy: 0.5 }] };
    expect(methodsText(['scratch', 'croma'], [croma, other])).toBe('k=5: scratch 50.0 ± 1.0 % · croma 61.0 ± 1.0 %');
    expect(methodsText(['croma', 'scratch'], [croma, scratch])).toBe(
      'croma k=5 61.0 ± 1.0 % · scratch k=1 52.3 ± 1.2 %',
    );
  });

  it('tells how far those are that have not finished, and leaves out those without a run', () => {
    const running = runWith({ method: 'scratch', state: 'running', progress: 0.437 });
    const waiting = runWith({ method: 'scratch', state: 'queued', progress: 0, seed: 1 });
    const failed = runWith({ method: 'oracle', state: 'failed', error: 'The disk is full.' });
    expect(methodsText(['croma', 'scratch', 'oracle', 'joint'], [croma, running, waiting, failed])).toBe(
      'k=5: croma 61.0 ± 1.0 % · scratch running 21 % · oracle failed',
    );
    expect(methodsText(['scratch'], [{ ...waiting, state: 'stopped', progress: 0.4 }])).toBe('scratch stopped 40 %');
  });
});

describe('the time that is left for several runs', () => {
  const running = (progress: number, seconds: number) => runWith({ state: 'running', progress, secondsLeft: seconds });
  const queued = runWith({ state: 'queued', progress: 0 });

  it('is that of the slowest when none waits', () => {
    expect(secondsLeft([running(0.5, 10), running(0.5, 30), runWith({})])).toBe(30);
  });

  it('counts those that wait as long as those at work, as many side by side as now', () => {
    // Each takes 20 s; 10 + 10 left of two at work, and two waiting: 60 s of work for two.
    expect(secondsLeft([running(0.5, 10), running(0.5, 10), queued, queued])).toBe(30);
    expect(secondsLeft([running(0.5, 10), queued])).toBe(30);
  });

  it('is not known before a running one knows', () => {
    expect(secondsLeft([queued, runWith({ state: 'running', progress: 0 })])).toBeUndefined();
  });
});

describe('the line beside a method', () => {
  it('tells stage, progress and time left while its run is at work', () => {
    const run = runWith({ state: 'running', stage: 'meta-training', progress: 0.437, secondsLeft: 11.2 });
    expect(methodText([run])).toBe('meta-training 43 % · 12 s left');
  });

  it('tells how many runs are done while some are at work', () => {
    const running = runWith({ state: 'running', seed: 1, stage: 'meta-training', progress: 0.5 });
    expect(methodText([runWith({}), running])).toBe('meta-training 75 % · 1 of 2 runs');
  });

  it('tells the accuracy for each number of shots once all are finished', () => {
    expect(methodText([runWith({ results: [k1, k5] })])).toBe('k=1 52.3 ± 1.2 % · k=5 61.0 ± 1.0 %');
  });

  it('says that a stopped run can go on, and a failed one why it failed', () => {
    const stopped = runWith({ state: 'stopped', progress: 0.4 });
    expect(methodText([stopped])).toBe('croma · seed 0 stopped at 40 % · Run goes on from there');
    const failed = runWith({ state: 'failed', error: 'The disk is full.' });
    expect(methodText([runWith({}), failed])).toBe('croma · seed 0 failed: The disk is full.');
  });
});

describe('the line beside the whole experiment', () => {
  it('counts runs by state and gives the progress of all', () => {
    const runs = [runWith({}), runWith({ state: 'running', progress: 0.5 }), runWith({ state: 'queued', progress: 0 })];
    expect(gridText(runs)).toBe('3 runs: 1 finished, 1 running, 1 queued · 50 %');
    expect(gridText([runWith({}), runWith({})])).toBe('all 2 runs finished');
  });
});

describe('a run in the tree', () => {
  it.each([
    ['queued', 'queued'],
    ['stopping', 'stopping at 20 %'],
    ['stopped', 'stopped at 20 %'],
    ['failed', 'failed'],
    ['interrupted', 'interrupted at 20 %'],
    ['finished', 'no result'],
  ] as const)('that is %s reads "%s"', (state, text) => {
    expect(runDescription(runWith({ state, progress: 0.2 }))).toBe(text);
  });
});

describe('a duration', () => {
  it.each([
    [0.3, '1 s'],
    [89, '89 s'],
    [150, '3 min'],
    [4800, '1 h 20 min'],
  ])('of %d seconds reads "%s"', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('the device of a run', () => {
  it('is told with what is in use of it, and how busy it is where the platform tells that', () => {
    expect(loadText({ memory: 1.234e9, utilisation: 0.857 })).toBe('1.2 GB in use · 85 % busy');
    expect(loadText({ memory: 4e8 })).toBe('0.4 GB in use');
    expect(loadText(undefined)).toBe('');
  });

  it('is told with why no better one was taken', () => {
    const refused = [{ name: 'webgpu', reason: 'It is not set up.' }];
    expect(passedOver({ name: 'wasm', describe: 'wasm', refused })).toEqual(['not webgpu: It is not set up.']);
  });
});
