import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJson } from '../../../src/base/files.ts';
import { runExperiment, startExperiment } from '../../../src/experiment/queue.ts';
import { reportExperiment } from '../../../src/experiment/report.ts';
import { RunReport, runFiles } from '../../../src/experiment/runFolder.ts';
import { runsOf } from '../../../src/experiment/runs.ts';
import { stopRun } from '../../../src/experiment/stop.ts';
import { summariseRun } from '../../../src/experiment/summary.ts';
import { execute, makeWorkspace, removeWorkspace, until, writeExperiment } from './workspace.ts';

let workspace: string;

beforeAll(async () => {
  workspace = await makeWorkspace();
});

afterAll(async () => {
  await removeWorkspace(workspace);
});

describe('a grid of noise', () => {
  const SETTINGS = {
    ...{ name: 'grid', methods: ['croma', 'scratch'], iterations: 4, validateEvery: 4, testTasks: 4, shots: [1] },
    ...{ labelNoise: [0, 0.5], pairNoise: [0, 1] },
  };

  it('trains each cell once, a method without pairs once for all, and goes on from what is there', async () => {
    const experiment = await writeExperiment(workspace, 'grid', { ...SETTINGS, pairNoise: [0] });
    expect(await runExperiment(experiment)).toHaveLength(2);
    await writeExperiment(workspace, 'grid', SETTINGS);
    const before = await Promise.all((await runsOf(experiment)).map(({ folder }) => readFile(runFiles(folder).report)));
    expect(before).toHaveLength(2);
    const runs = await runExperiment(experiment);
    expect(runs.map(({ method, pairNoise, state }) => [method, pairNoise, state])).toEqual([
      ['croma', 0, 'finished'],
      ['croma', 1, 'finished'],
      ['scratch', 0, 'finished'],
    ]);
    expect(await readFile(runFiles(runs[0]?.folder ?? '').report)).toEqual(before[0]);
  });

  it('is reported at every level, in every format, against any reference', async () => {
    const experiment = join(workspace, 'grid.experiment.yaml');
    const { report, sections, files } = await reportExperiment(experiment, 'scratch');
    expect(report.reference).toBe('scratch');
    expect(report.rows).toHaveLength(8);
    expect(report.differences.map(({ labelNoise, pairNoise }) => [labelNoise, pairNoise])).toEqual([
      [0, 0],
      [0, 1],
      [0.5, 0],
    ]);
    const flat = report.rows.filter(({ method, labelNoise }) => method === 'scratch' && labelNoise === 0);
    expect(flat.map(({ pairNoise }) => pairNoise)).toEqual([0, 1]);
    expect(flat[0]?.accuracy).toBe(flat[1]?.accuracy);
    const ids = sections.map(({ id }) => id);
    for (const id of ['labelNoise', 'pairNoise', 'confusion', 'cost', 'learning', 'runs']) expect(ids).toContain(id);
    expect((await readFile(files.csv, 'utf8')).split('\r\n')).toHaveLength(1 + 4 * 2 * 4 + 1);
    expect(await readFile(files.latex, 'utf8')).toContain('\\caption{Pair noise.');
    expect(report.costs.find(({ method }) => method === 'croma')?.steps).toBe(4 * 2 * 4);
    await expect(reportExperiment(experiment, 'align-classify')).rejects.toThrow(
      /No run of align-classify has finished/,
    );

    const shown = await execute('cli', ['report', experiment, '--reference', 'scratch']);
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout).toContain('scratch − croma');
    expect(shown.stdout).toContain(files.csv);
  });

  it('stores of each run what was taken for what, by the names of its test classes', async () => {
    const [run] = await runsOf(join(workspace, 'grid.experiment.yaml'));
    const report = await readJson(runFiles(run?.folder ?? '').report, RunReport);
    expect(report?.results.map(({ shots, labelNoise }) => [shots, labelNoise])).toEqual([
      [1, 0],
      [1, 0.5],
    ]);
    for (const { confusion, accuracies } of report?.results ?? []) {
      const count = (kept: (truth: number, answer: number) => boolean) =>
        confusion.reduce((sum, [truth, answer, queries]) => sum + (kept(truth, answer) ? queries : 0), 0);
      // Four tasks of two classes with three queries each.
      expect(count(() => true)).toBe(24);
      const right = accuracies.reduce((sum, accuracy) => sum + 6 * accuracy, 0);
      expect(count((truth, answer) => truth === answer)).toBe(Math.round(right));
      for (const [truth] of confusion) expect(report?.testClasses[truth]).toBeDefined();
    }
    expect(report?.cost.peakBytes).toBeGreaterThan(1e7);
  });
});

describe('a run whose numbers are not finite', () => {
  it('stops, says where, and keeps its last good checkpoint', async () => {
    const experiment = await writeExperiment(workspace, 'infinite', { iterations: 5000 });
    await startExperiment(experiment, { detach: true });
    const folder = await until(async () => {
      const [run] = await runsOf(experiment);
      return run?.curve.length !== 0 && run?.folder;
    });
    await stopRun(folder);
    const state = join(runFiles(folder).checkpoint, 'state.json');
    const { file } = JSON.parse(await readFile(state, 'utf8'));
    const weights = join(runFiles(folder).checkpoint, file);
    const floats = new Float32Array(new Uint8Array(await readFile(weights)).buffer).fill(Number.NaN, 0, 1);
    await writeFile(weights, new Uint8Array(floats.buffer));
    const before = await readFile(state, 'utf8');

    await runExperiment(experiment);
    const { state: ended, error } = await summariseRun(folder);
    expect(ended).toBe('failed');
    expect(error).toMatch(/^The classification loss is not a finite number at step 1 of 4 of meta-iteration \d+\./);
    expect(await readFile(state, 'utf8')).toBe(before);
  });
});
