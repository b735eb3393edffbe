import { existsSync } from 'node:fs';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escapeMarkup } from '../../../src/base/document/escape.ts';
import { CancelledError, InputError } from '../../../src/base/errors.ts';
import { readHistory } from '../../../src/experiment/events.ts';
import { readOwner } from '../../../src/experiment/owner.ts';
import { runExperiment, startExperiment } from '../../../src/experiment/queue.ts';
import { reportExperiment } from '../../../src/experiment/report.ts';
import { runFiles, runsFolder } from '../../../src/experiment/runFolder.ts';
import { listRuns, runsOf, watchRuns } from '../../../src/experiment/runs.ts';
import { stopExperiment, stopRun } from '../../../src/experiment/stop.ts';
import { summariseRun } from '../../../src/experiment/summary.ts';
import { type RunState, RunSummary } from '../../../src/protocol.ts';
import { execute, makeWorkspace, numbersOf, removeWorkspace, until, writeExperiment } from './workspace.ts';

let workspace: string;

beforeAll(async () => {
  workspace = await makeWorkspace();
});

afterAll(() => removeWorkspace(workspace));

/** The first run of an experiment, once it is in this state. */
async function whenFirstRun(experiment: string, state: RunState): Promise<RunSummary> {
  return await until(async () => {
    const [run] = await runsOf(experiment);
    return run?.state === state && run;
  });
}

describe('a run', () => {
  it('that is stopped, resumed, killed with SIGKILL and resumed again gives the numbers of an uninterrupted one', async () => {
    const experiment = await writeExperiment(workspace, 'killed', { methods: ['align-classify'], iterations: 400 });
    const [uninterrupted] = await runExperiment(experiment, { jobs: 1 });
    expect(uninterrupted?.state).toBe('finished');
    const folder = uninterrupted?.folder ?? '';
    const wanted = await numbersOf(folder);
    expect(wanted.tested?.map(({ accuracies }) => accuracies.length)).toEqual([10, 10]);
    await rm(folder, { recursive: true });

    await startExperiment(experiment, { detach: true });
    await until(async () => (await readHistory(runFiles(folder).events)).curve.length >= 20);
    await stopRun(folder);
    expect((await summariseRun(folder)).state).toBe('stopped');

    const resumed = await execute('cli', ['run', experiment, '--background']);
    expect(resumed.code, resumed.stderr).toBe(0);
    const owner = await until(async () => {
      const { curve } = await readHistory(runFiles(folder).events);
      return curve.length >= 50 && (await readOwner(runFiles(folder).owner));
    });
    process.kill(owner.pid, 'SIGKILL');
    await whenFirstRun(experiment, 'interrupted');
    expect(existsSync(runFiles(folder).report)).toBe(false);
    await appendFile(runFiles(folder).events, '{"event":"point","at":"half a li');

    const [again] = await runExperiment(experiment, { jobs: 1 });
    expect(again).toMatchObject({ folder, state: 'finished', progress: 1 });
    expect(await numbersOf(folder)).toEqual(wanted);
    const starts = (await readFile(runFiles(folder).events, 'utf8'))
      .split('\n')
      .filter((line) => /"started"/.test(line));
    expect(starts).toHaveLength(3);
    expect(starts.slice(1).every((line) => !line.includes('"iteration":0,'))).toBe(true);
  });

  it('that is killed during its test goes on with the next task', async () => {
    const experiment = await writeExperiment(workspace, 'tested', {
      ...{ methods: ['scratch'], testTasks: 40, adaptationSteps: 40 },
    });
    const [whole] = await runExperiment(experiment);
    const folder = whole?.folder ?? '';
    const wanted = await numbersOf(folder);
    await rm(folder, { recursive: true });

    await startExperiment(experiment, { detach: true });
    const state = join(runFiles(folder).checkpoint, 'state.json');
    const owner = await until(async () => existsSync(state) && (await readOwner(runFiles(folder).owner)));
    process.kill(owner.pid, 'SIGKILL');
    await whenFirstRun(experiment, 'interrupted');
    await runExperiment(experiment);
    expect(await numbersOf(folder)).toEqual(wanted);
  });

  it('is executed by one runner at a time, and a second one says who has it', async () => {
    const experiment = await writeExperiment(workspace, 'contended', { iterations: 2000 });
    await startExperiment(experiment, { detach: true });
    const run = await whenFirstRun(experiment, 'running');
    const second = await execute('runner', [run.folder]);
    expect(second.code).not.toBe(0);
    expect(second.stderr).toMatch(/The run contended-croma-seed0-[0-9a-f]{8} is already running \(process \d+\)/);
    await stopRun(run.folder);
    expect((await summariseRun(run.folder)).state).toBe('stopped');
  });

  it('is seen by a watcher from its start to its end', async () => {
    const experiment = await writeExperiment(workspace, 'watched', { methods: ['scratch'] });
    const states = new Set<RunState>();
    const watcher = watchRuns(workspace, (runs) => {
      for (const run of runs) if (run.experiment === experiment) states.add(run.state);
    });
    try {
      await runExperiment(experiment);
      await until(async () => states.has('finished'));
      expect(states).toContain('running');
    } finally {
      watcher.dispose();
    }
  });
});

describe('an experiment', () => {
  it('is executed once at a time, outlives its starter, and stops as a whole', async () => {
    const experiment = await writeExperiment(workspace, 'whole', { seeds: [0, 1], iterations: 2000 });
    const started = await execute('cli', ['run', experiment, '--background', '--jobs', '1', '--json']);
    expect(started.code, started.stderr).toBe(0);
    const runs = RunSummary.array().parse(JSON.parse(started.stdout).runs);
    expect(runs.map(({ state }) => state).filter((state) => state !== 'queued' && state !== 'running')).toEqual([]);
    await whenFirstRun(experiment, 'running');

    const second = await execute('cli', ['run', experiment, '--json']);
    expect(second.code).toBe(2);
    expect(JSON.parse(second.stdout).error.sentence).toMatch(/is already running \(process \d+\)/);

    expect(await stopExperiment(experiment)).toEqual({ stopping: 2 });
    await until(async () => (await runsOf(experiment)).every(({ state }) => state === 'stopped'));
  });

  it('stores a checkpoint of every run when it is cancelled', async () => {
    const experiment = await writeExperiment(workspace, 'cancelled', { seeds: [0, 1], iterations: 2000 });
    const cancel = new AbortController();
    const running = runExperiment(experiment, { jobs: 1 }, { signal: cancel.signal });
    const expectation = expect(running).rejects.toThrow(CancelledError);
    await until(async () => (await runsOf(experiment)).some(({ curve }) => curve.length > 0));
    cancel.abort();
    await expectation;
    const runs = await runsOf(experiment);
    expect(runs.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    expect(existsSync(join(runFiles(runs[0]?.folder ?? '').checkpoint, 'state.json'))).toBe(true);
  });

  it('does not execute finished runs again, and makes new ones for changed settings', async () => {
    const settings = { methods: ['scratch'], testTasks: 5 };
    const experiment = await writeExperiment(workspace, 'again', settings);
    const [first] = await runExperiment(experiment);
    expect(await startExperiment(experiment, { detach: true })).toEqual({ queued: 0, alreadyFinished: 1 });
    await writeExperiment(workspace, 'again', { ...settings, adaptationSteps: 3 });
    expect(await runsOf(experiment)).toEqual([]);
    const [second] = await runExperiment(experiment);
    expect(second?.id).not.toBe(first?.id);
  });

  it('is reported as JSON, Markdown and one HTML page that loads nothing', async () => {
    const experiment = await writeExperiment(workspace, 'reported', {
      ...{ name: 'A <b>& "c"', methods: ['croma', 'scratch'], iterations: 10, testTasks: 6 },
    });
    await expect(reportExperiment(experiment)).rejects.toThrow(/No run of .* has finished yet/);
    await runExperiment(experiment);
    const { report, sections, files } = await reportExperiment(experiment);
    expect(report.rows.map(({ method, shots, tasks }) => [method, shots, tasks])).toEqual([
      ['croma', 1, 6],
      ['croma', 2, 6],
      ['scratch', 1, 6],
      ['scratch', 2, 6],
    ]);
    expect(report.differences).toHaveLength(2);
    const figures = sections.flatMap((section) => section.figures.map(({ title }) => title));
    expect(figures).toContain('Validation accuracy in meta-training');
    const html = await readFile(files.html, 'utf8');
    expect(html).toContain('A &lt;b&gt;&amp; &quot;c&quot;');
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|<script|@import|url\(/);
    const markdown = await readFile(files.markdown, 'utf8');
    expect(markdown).toContain('| croma | ');
    const [first] = report.runs;
    expect(first?.backend).toMatchObject({ by: 'auto', status: { state: 'ready', measured: { versions: {} } } });
    expect(markdown).toContain(`| ${first?.backend?.name} | 2 | auto | `);
    expect(html).toContain('<h2>Backend</h2>');
    for (const { reason } of first?.backend?.refused ?? []) expect(html).toContain(escapeMarkup(reason));

    const shown = await execute('cli', ['report', report.runs[0]?.folder ?? '', '--json']);
    expect(shown.code, shown.stderr).toBe(0);
    expect(JSON.parse(shown.stdout).report.rows).toHaveLength(2);
  });
});

describe('before any run starts', () => {
  it.each([
    ['more classes than there are', { ways: 40 }, /ways: 40/],
    ['more shots than there are', { shots: [500] }, /shots.*500/],
    ['a modality that the dataset does not have', { target: 'audio' }, /has no such pairs.*image–text/],
    ['a dataset that is not there', { dataset: 'nowhere.yaml' }, /nowhere\.yaml/],
  ])('%s is refused', async (_what, settings, sentence) => {
    const experiment = await writeExperiment(workspace, 'refused', settings);
    await expect(runExperiment(experiment)).rejects.toThrow(InputError);
    await expect(runExperiment(experiment)).rejects.toThrow(sentence);
    await expect(startExperiment(experiment, { detach: true })).rejects.toThrow(sentence);
    const ids = (await listRuns(workspace)).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('refused'))).toEqual([]);
  });

  it('a setting that cannot be is refused by file and line', async () => {
    const experiment = await writeExperiment(workspace, 'bad', { queries: 0 });
    await expect(runExperiment(experiment)).rejects.toThrow(/bad\.experiment\.yaml:\d+: "queries" is 0; it must be/);
    expect(existsSync(join(runsFolder(workspace), 'bad'))).toBe(false);
  });
});
