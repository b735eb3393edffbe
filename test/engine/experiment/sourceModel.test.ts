import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJson } from '../../../src/base/files.ts';
import { runExperiment } from '../../../src/experiment/queue.ts';
import { RunReport, runFiles, runsFolder } from '../../../src/experiment/runFolder.ts';
import { makeWorkspace, numbersOf, removeWorkspace, writeExperiment } from './workspace.ts';

let workspace: string;
beforeAll(async () => {
  workspace = await makeWorkspace();
});
afterAll(() => removeWorkspace(workspace));

const SHORT = {
  ...{ shots: [2], testTasks: 3, validationClasses: 0, iterations: 6 },
  transfer: { warmUpSteps: 1, embedderSteps: 1, fineTuneSteps: 4 },
};
const models = () => readdir(join(workspace, '.pairlab', 'models')).catch((): string[] => []);

/** Runs methods one after the other, and gives of each its numbers and whose source model it took. */
async function run(name: string, methods: readonly string[], settings: object = {}) {
  const experiment = await writeExperiment(workspace, name, { name: 'shared', ...SHORT, methods, ...settings });
  const runs = await runExperiment(experiment, { jobs: 1 });
  return await Promise.all(
    runs.map(async ({ id, folder, state }) => {
      expect(state).toBe('finished');
      const report = await readJson(runFiles(folder).report, RunReport);
      const note = report?.notes.find((line) => line.includes('source model'));
      return {
        id,
        numbers: await numbersOf(folder),
        cost: report?.cost,
        took: /trained by (\S+) for all/.exec(note ?? '')?.[1],
      };
    }),
  );
}

test('a source model is trained once for all methods of a seed, and gives what each would have trained', async () => {
  const [mona, tuned, scratch] = await run('a', ['mona', 'fine-tune', 'transfer-scratch']);
  expect([mona?.took, tuned?.took, scratch?.took]).toEqual([undefined, mona?.id, undefined]);
  expect(await models()).toHaveLength(1);
  expect(tuned?.numbers.curve).toEqual(mona?.numbers.curve);
  expect(tuned?.numbers.curve).toHaveLength(6);
  await rm(join(workspace, '.pairlab', 'models'), { recursive: true });
  await rm(runsFolder(workspace), { recursive: true });
  const [alone] = await run('a', ['fine-tune']);
  expect(alone?.took).toBeUndefined();
  expect(alone?.numbers).toEqual(tuned?.numbers);
});

test('another λ takes the same source model, another seed or pre-training its own; a damaged one is trained anew', async () => {
  const [first] = await models();
  const [other] = await run('lambda', ['mona'], { transfer: { ...SHORT.transfer, lambda: 1 } });
  expect(other?.took).toBeDefined();
  const [seed] = await run('seed', ['fine-tune'], { seeds: [1] });
  const [longer] = await run('longer', ['fine-tune'], { iterations: 7 });
  expect([seed?.took, longer?.took]).toEqual([undefined, undefined]);
  expect(await models()).toHaveLength(3);
  await writeFile(join(workspace, '.pairlab', 'models', first ?? '', 'model.json'), '{');
  const [anew] = await run('damaged', ['fine-tune'], { testTasks: 2 });
  expect(anew?.took).toBeUndefined();
});

test('none is shared where validation tasks choose the iterate', async () => {
  const before = await models();
  const [, tuned] = await run('validated', ['mona', 'fine-tune'], { validationClasses: 2 });
  expect(tuned?.took).toBeUndefined();
  expect(await models()).toEqual(before);
});
