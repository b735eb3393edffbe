import { spawnSync } from 'node:child_process';
import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { EngineUnderTest, type SampleWorkspace, sampleWorkspace, until } from './engine.ts';

const modalities = { first: 'image', second: 'audio' } as const;
const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

describe('the engine', () => {
  let workspace: SampleWorkspace;
  let engine: EngineUnderTest;
  beforeAll(async () => {
    workspace = await sampleWorkspace();
    engine = new EngineUnderTest(workspace.folder);
  });
  afterAll(async () => {
    engine.stop();
    await engine.exit;
    await workspace.remove();
  });

  it('lists a dataset that is not indexed, and says so when its pairs are asked for', async () => {
    const { dataset, folder } = workspace;
    const root = join(folder, 'data');
    expect(await engine.ask('dataset/list', {})).toEqual([{ name: 'sample', path: dataset, root }]);
    const asked = engine.ask('dataset/pairs', { dataset, filter: {}, offset: 0, limit: 1 });
    await expect(asked).rejects.toMatchObject({
      data: { kind: 'input', sentence: expect.stringContaining('not been indexed') },
    });
  });

  it('keeps no half snapshot of an indexing that is cancelled', async () => {
    const { dataset } = workspace;
    const stop = new CancellationTokenSource();
    const indexing = engine.ask('dataset/index', { dataset, token: 'cancelled' }, stop);
    await until(() => engine.heard.progress.find(({ token }) => token === 'cancelled'), 'progress');
    stop.cancel();
    await expect(indexing).rejects.toMatchObject({ data: { kind: 'cancelled' } });
    const [listed] = await engine.ask('dataset/list', {});
    expect(listed?.snapshot).toBeUndefined();
  });

  it('indexes, tells progress by the token, and tells that the dataset changed', async () => {
    const { dataset } = workspace;
    const summary = await engine.ask('dataset/index', { dataset, token: 'mine' });
    expect(summary.pairs.map(({ count }) => count)).toEqual([80, 80, 80]);
    expect(engine.heard.progress.filter(({ token }) => token === 'mine').length).toBeGreaterThan(1);
    const told = await until(
      () => engine.heard['datasets/changed'].flat().find(({ snapshot }) => snapshot?.id === summary.id),
      'the changed dataset',
    );
    expect(told.path).toBe(dataset);
  });

  it('answers the levels of the explorer, with counts that agree', async () => {
    const { dataset } = workspace;
    const splits = await engine.ask('dataset/groups', { dataset, by: 'split', filter: { modalities } });
    expect(splits.reduce((total, { pairs }) => total + pairs, 0)).toBe(80);
    const split = splits[0]?.value ?? '';
    const classes = await engine.ask('dataset/groups', { dataset, by: 'class', filter: { modalities, split } });
    expect(classes.reduce((total, { pairs }) => total + pairs, 0)).toBe(splits[0]?.pairs);
    const filter = { modalities, split, class: classes[0]?.value ?? '' };
    const page = await engine.ask('dataset/pairs', { dataset, filter, offset: 1, limit: 2 });
    expect(page.total).toBe(classes[0]?.pairs);
    expect(page.rows.length).toBe(Math.min(2, page.total - 1));
  });

  it('shows a pair with picture facts, the waveform of its sound, and its text', async () => {
    const { dataset, folder } = workspace;
    const filter = { modalities: { first: 'audio', second: 'text' } } as const;
    const { rows } = await engine.ask('dataset/pairs', { dataset, filter, offset: 0, limit: 2 });
    const detail = await engine.ask('dataset/pair', { dataset, pair: rows[0]?.id ?? '' });
    const [sound, text] = detail.items;
    expect(sound?.path.startsWith(join(folder, 'data'))).toBe(true);
    expect(sound?.waveform).toHaveLength(400);
    expect(sound?.facts.map(({ label }) => label)).toEqual(['Duration', 'Sample rate', 'Channels', 'On disk']);
    expect(text?.text).toBe((await readFile(text?.path ?? '', 'utf8')).trimEnd());
  });

  it('shows a pair whose file vanished, and says so in place of the file', async () => {
    const { dataset } = workspace;
    const filter = { modalities: { first: 'audio', second: 'text' } } as const;
    const { rows } = await engine.ask('dataset/pairs', { dataset, filter, offset: 0, limit: 1 });
    const pair = rows[0]?.id ?? '';
    const [sound] = (await engine.ask('dataset/pair', { dataset, pair })).items;
    const path = sound?.path ?? '';
    await rename(path, `${path}.away`);
    const [gone, text] = (await engine.ask('dataset/pair', { dataset, pair })).items;
    await rename(`${path}.away`, path);
    expect(gone?.error).toContain(path);
    expect(text?.text).toBeDefined();
  });

  it('computes an alignment, stores it, and finds it again', async () => {
    const { dataset } = workspace;
    expect(await engine.ask('alignment/stored', { dataset, modalities })).toBeNull();
    const report = await engine.ask('alignment/compute', { dataset, modalities, token: 'align' });
    expect(report.pairs).toBe(80);
    expect(report.forward.recall1).toBeGreaterThanOrEqual(0);
    expect(engine.heard.progress.some(({ token }) => token === 'align')).toBe(true);
    expect(await engine.ask('alignment/stored', { dataset, modalities })).toEqual(report);
  });

  it('outlines an experiment as it is typed, saved or not', async () => {
    const path = join(workspace.folder, 'unsaved.experiment.yaml');
    const text = 'dataset: pairlab.yaml\nsource: image\ntarget: audio\nmethods:\n  - croma\nwayz: 5\n';
    const outline = await engine.ask('experiment/outline', { path, text });
    expect(outline.targets).toEqual([{ line: 0 }, { line: 4, method: 'croma' }]);
    expect(outline.problems.map(({ line }) => line)).toEqual([5]);
  });

  it('writes a starter experiment once, and leaves it as it is from then on', async () => {
    const { dataset, folder } = workspace;
    const direction = { dataset, source: 'text', target: 'image' } as const;
    const { written } = await engine.ask('experiment/create', direction);
    expect(written).toBe(join(folder, 'text-image.experiment.yaml'));
    const text = await readFile(written, 'utf8');
    expect((await engine.ask('experiment/outline', { path: written, text })).problems).toEqual([]);
    await writeFile(written, '# mine\n');
    await engine.ask('experiment/create', direction);
    expect(await readFile(written, 'utf8')).toBe('# mine\n');
    await unlink(written);
  });

  it('runs an experiment in the background, follows it to its result, and draws its curve', async () => {
    const { experiment } = workspace;
    expect(await engine.ask('experiment/start', { experiment })).toEqual({ queued: 1, alreadyFinished: 0 });
    const run = await until(
      () => engine.heard['runs/changed'].flat().find(({ state }) => state === 'finished' || state === 'failed'),
      'the end of the run',
    );
    expect(run).toMatchObject({ state: 'finished', experiment, method: 'scratch', seed: 0, progress: 1 });
    expect(run.results).toMatchObject([{ shots: 1, tasks: 4 }]);
    expect(await engine.ask('experiment/runs', { experiment })).toEqual([run]);
    expect(await engine.ask('run/list', {})).toEqual([run]);
    expect(await engine.ask('experiment/start', { experiment })).toEqual({ queued: 0, alreadyFinished: 1 });
    expect((await engine.ask('run/curve', { run: run.id, theme: 'dark' })).svg).toMatch(/^<svg/);
    const view = await engine.ask('experiment/report', { experiment });
    expect(view.report.rows).toMatchObject([{ method: 'scratch', shots: 1, tasks: 4, seeds: 1 }]);
  });

  it('tells of a snapshot that another process wrote', async () => {
    const { dataset, folder } = workspace;
    const before = (await engine.ask('dataset/list', {}))[0]?.snapshot?.id;
    const { rows } = await engine.ask('dataset/pairs', { dataset, filter: { modalities }, offset: 0, limit: 1 });
    const first = rows[0]?.first.item ?? '';
    await unlink(join(folder, 'data', first));
    spawnSync(process.execPath, [cli, 'index', dataset, '--json'], { encoding: 'utf8' });
    const told = await until(
      () => engine.heard['datasets/changed'].at(-1)?.find(({ snapshot }) => snapshot?.id !== before),
      'the snapshot',
    );
    expect(told.snapshot?.pairs[0]?.count).toBe(79);
    const asked = { dataset, filter: { modalities }, offset: 0, limit: 1 };
    expect((await engine.ask('dataset/pairs', asked)).total).toBe(79);
  });

  it('lists a dataset file that cannot be used with the reason', async () => {
    const broken = join(workspace.folder, 'broken.pairlab.yaml');
    await writeFile(broken, 'name: broken\npairing: nothing\n');
    const told = await until(
      () => engine.heard['datasets/changed'].at(-1)?.find(({ path }) => path === broken),
      'the dataset file',
    );
    expect(told.error).toContain('broken.pairlab.yaml');
    await unlink(broken);
  });

  it('refuses params that do not fit the protocol with a sentence that names the request', async () => {
    const asked = engine.askAnything('dataset/pairs', { dataset: 7 });
    await expect(asked).rejects.toMatchObject({ data: { sentence: expect.stringContaining('dataset/pairs') } });
  });

  it('writes nothing to stdout but messages, and nothing to stderr', () => {
    expect(engine.lines).toEqual([]);
  });
});

describe('the end of the engine', () => {
  it('comes when the editor closes its stdin, also with a job under way', async () => {
    const workspace = await sampleWorkspace();
    const engine = new EngineUnderTest(workspace.folder);
    const indexing = engine.ask('dataset/index', { dataset: workspace.dataset, token: 't' });
    const outcome = indexing.then(
      () => 'indexed',
      () => 'given up',
    );
    await until(() => engine.heard.progress[0], 'progress');
    engine.stop();
    expect(await engine.exit).toBe('exit code 0');
    expect(await outcome).toBe('given up');
    await workspace.remove();
  });
});
