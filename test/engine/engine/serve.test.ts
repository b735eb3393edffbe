import { spawnSync } from 'node:child_process';
import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { AlignmentQuestion, AlignmentReport, type ExportFormat } from '../../../src/protocol.ts';
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

  it('computes an alignment, tells what is ready, stores it, and finds it again', async () => {
    const { dataset } = workspace;
    expect(await engine.ask('alignment/reports', { dataset, modalities })).toEqual([]);
    const question = AlignmentQuestion.parse({ modalities });
    const report = await engine.ask('alignment/compute', { dataset, question, token: 'align' });
    expect(report).toMatchObject({ pairs: 80, complete: true });
    expect(engine.heard.progress.some(({ token }) => token === 'align')).toBe(true);
    const parts = engine.heard['alignment/part'].filter(({ token }) => token === 'align').map((part) => part.report);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts[0]).toMatchObject({ complete: false, geometry: {} });
    expect(parts[0]?.forward?.measures.recall1).toEqual(report.forward?.measures.recall1);
    const [stored] = await engine.ask('alignment/reports', { dataset, modalities });
    expect(stored).toMatchObject({ id: report.id, current: true, pairs: 80 });
    const sets = await engine.ask('embedding/list', { dataset });
    expect(sets.map(({ modality, name }) => [modality, name])).toEqual([
      ['image', 'patches'],
      ['audio', 'log-mel'],
    ]);
    expect(await engine.ask('alignment/report', { dataset, report: report.id })).toEqual(report);
  });

  it('pages the pairs of a report, the most suspicious first, also those of a lasso', async () => {
    const { dataset } = workspace;
    const [stored] = await engine.ask('alignment/reports', { dataset, modalities });
    const report = stored?.id ?? '';
    const page = (offset: number) => engine.ask('alignment/pairs', { dataset, query: { report, offset, limit: 30 } });
    const { total, rows } = await page(0);
    expect(total).toBe(80);
    expect(rows).toHaveLength(30);
    expect(rows.map(({ mismatch }) => mismatch)).toEqual(rows.map(({ mismatch }) => mismatch).sort((a, b) => b - a));
    expect((await page(60)).rows).toHaveLength(20);
    const chosen = await engine.ask('alignment/pairs', {
      dataset,
      query: { report, among: [3, 5, 70], offset: 0, limit: 10 },
    });
    expect(chosen.total).toBe(3);
    expect(new Set(chosen.rows.map(({ index }) => index))).toEqual(new Set([3, 5, 70]));
  });

  it('places both items of every pair on a map', async () => {
    const { dataset } = workspace;
    const [stored] = await engine.ask('alignment/reports', { dataset, modalities });
    const map = await engine.ask('alignment/map', { dataset, report: stored?.id ?? '', projection: 'pca' });
    expect(map.pairs).toBe(80);
    const bytes = Buffer.from(map.positions, 'base64');
    const positions = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    expect(positions).toHaveLength(4 * 80);
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(new Set(map.ids).size).toBe(80);
  });

  it('writes a report to a file in each format', async () => {
    const { dataset, folder } = workspace;
    const [stored] = await engine.ask('alignment/reports', { dataset, modalities });
    const write = async (format: ExportFormat): Promise<string> => {
      const target = join(folder, `exported.${format}`);
      await engine.ask('alignment/export', { dataset, report: stored?.id ?? '', format, target });
      return await readFile(target, 'utf8');
    };
    expect(AlignmentReport.parse(JSON.parse(await write('json'))).id).toBe(stored?.id);
    expect((await write('csv')).trim().split('\n')).toHaveLength(81);
    expect(await write('markdown')).toContain('| Recall@1 |');
    const html = await write('html');
    expect(html).toContain('Recall@1');
    expect(html).toContain('<svg');
    expect(html).not.toMatch(/(src|href)="http/);
  });

  it('refuses a report whose name leads elsewhere', async () => {
    const asking = engine.ask('alignment/report', { dataset: workspace.dataset, report: '../../secrets' });
    await expect(asking).rejects.toThrow('is no name of an alignment report');
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
