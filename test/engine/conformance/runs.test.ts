import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHistory } from '../../../src/experiment/events.ts';
import { runExperiment, startExperiment } from '../../../src/experiment/queue.ts';
import { runFiles } from '../../../src/experiment/runFolder.ts';
import { stopRun } from '../../../src/experiment/stop.ts';
import { summariseRun } from '../../../src/experiment/summary.ts';
import { makeWorkspace, numbersOf, removeWorkspace, until, writeExperiment } from '../experiment/workspace.ts';
import { TESTED } from './tested.ts';

let workspace: string;
beforeAll(async () => {
  workspace = await makeWorkspace();
});
afterAll(() => removeWorkspace(workspace));

test(`a run on ${TESTED} that is stopped and resumed gives the numbers of an uninterrupted one to the last bit`, async () => {
  const settings = { methods: ['align-classify'], iterations: 200, backend: TESTED };
  const experiment = await writeExperiment(workspace, 'resumed', settings);
  const [uninterrupted] = await runExperiment(experiment, { jobs: 1 });
  expect(uninterrupted).toMatchObject({ state: 'finished', backend: { name: TESTED } });
  const folder = uninterrupted?.folder ?? '';
  const wanted = await numbersOf(folder);
  await rm(folder, { recursive: true });

  await startExperiment(experiment, { detach: true, jobs: 1 });
  await until(async () => (await readHistory(runFiles(folder).events)).curve.length >= 5);
  await stopRun(folder);
  expect((await summariseRun(folder)).state).toBe('stopped');
  const [again] = await runExperiment(experiment, { jobs: 1 });
  expect(again).toMatchObject({ folder, state: 'finished', backend: { name: TESTED } });
  expect(await numbersOf(folder)).toEqual(wanted);
});
