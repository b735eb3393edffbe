import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allCommands, commandNamed } from '../../../src/cli/commands.ts';
import { commandHelp } from '../../../src/cli/help.ts';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

function pairlab(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** Runs a command with --json and checks what it prints against the shape that `pairlab schema` documents. */
async function json(name: string, ...args: string[]): Promise<{ code: number | null; value: unknown }> {
  const { code, stdout, stderr } = pairlab(name, ...args, '--json');
  expect(stdout.trim().split('\n'), stderr).toHaveLength(1);
  return { code, value: (await documented(name)).parse(JSON.parse(stdout)) };
}

async function documented(name: string): Promise<z.ZodType> {
  const schema = await commandNamed('schema');
  const context = { progress: () => {}, note: () => {}, signal: new AbortController().signal };
  const outcome = await schema?.run({ positionals: [name], values: {} }, context);
  return z.fromJSONSchema(JSON.parse(outcome?.text ?? ''));
}

describe('the command line', () => {
  let folder = '';
  let sample = '';
  let experiment = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pairlab-cli-'));
    sample = join(folder, 'a sample');
    experiment = join(sample, 'tiny.experiment.yaml');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('explains itself and every command', async () => {
    const overview = pairlab('--help');
    expect(overview.code).toBe(0);
    for (const command of await allCommands()) {
      expect(await commandNamed(command.name)).toMatchObject({ name: command.name });
      expect(overview.stdout).toContain(command.summary);
      expect(commandHelp(command, {})).toContain(`Usage: pairlab ${command.name}`);
    }
    const help = pairlab('index', '--help');
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: pairlab index [') });
    expect(help.stdout).toContain('--json');
  });

  it('answers bad input with exit code 2, a sentence on stderr and an object on stdout', () => {
    for (const args of [
      ['nonsense'],
      ['index', '--nonsense'],
      ['index', '/no/such/folder'],
      ['sample'],
      ['run', 'a', 'b'],
    ]) {
      const { code, stdout, stderr } = pairlab(...args, '--json');
      expect(code, args.join(' ')).toBe(2);
      expect(stderr).toMatch(/^pairlab: .+\.\n$/s);
      const { error } = z
        .object({ error: z.object({ kind: z.string(), sentence: z.string() }) })
        .parse(JSON.parse(stdout));
      expect(error).toEqual({ kind: 'input', sentence: stderr.slice('pairlab: '.length, -1) });
    }
  });

  it('goes the whole way with --json: one object of the documented shape from each command', async () => {
    const size = ['--classes', '8', '--pairs-per-class', '8'];
    expect(await json('sample', sample, ...size)).toMatchObject({ code: 0, value: { instances: 64, files: 192 } });
    expect(await json('init', sample)).toMatchObject({ code: 0 });
    expect(await json('index', sample)).toMatchObject({
      code: 0,
      value: { snapshot: { items: { image: 64, audio: 64, text: 64 } } },
    });
    expect(await json('encode', sample, '--modality', 'image')).toMatchObject({ code: 0 });
    expect(await json('align', sample, '--modalities', 'image-audio')).toMatchObject({ code: 0, value: { pairs: 64 } });
    expect(await json('experiment', sample)).toMatchObject({ code: 0, value: { source: 'image', target: 'audio' } });

    const lines = [
      'source: image',
      'target: audio',
      'ways: 2',
      'shots: [1]',
      'queries: 3',
      'testTasks: 3',
      'iterations: 2',
    ];
    await writeFile(experiment, [...lines, 'seeds: [0]', 'adaptationSteps: 3', ''].join('\n'));
    expect(await json('run', experiment)).toMatchObject({ code: 0, value: { runs: [{ state: 'finished' }, {}, {}] } });
    expect(await json('runs', sample)).toMatchObject({ code: 0 });
    expect(await json('stop', experiment)).toMatchObject({ code: 0 });
    const { code, value } = await json('report', experiment);
    expect(code).toBe(0);
    const { files } = z.object({ files: z.record(z.string(), z.string()) }).parse(value);
    expect(await readFile(files['html'] ?? '', 'utf8')).toContain('<svg');
    expect(await readFile(files['markdown'] ?? '', 'utf8')).toContain('scratch');
  });

  it('ends with exit code 1 when a dataset has problems, and names them', () => {
    const damaged = join(folder, 'damaged');
    pairlab('sample', damaged, '--classes', '4', '--pairs-per-class', '5', '--damage', '0.3');
    pairlab('init', damaged);
    const { code, stdout } = pairlab('index', damaged);
    expect(code).toBe(1);
    expect(stdout).toContain('missing-counterpart');
    expect(stdout).toContain('unreadable-media');
  });

  it('prints the schemas of the files that people write', () => {
    for (const file of ['pairlab.yaml', 'experiment.yaml']) {
      const { code, stdout } = pairlab('schema', file);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });
});
