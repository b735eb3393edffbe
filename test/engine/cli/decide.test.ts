import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** Runs a command with --json and gives what it printed. */
function json(args: readonly string[], input = ''): { code: number | null; value: unknown } {
  const { status, stdout } = spawnSync(process.execPath, [cli, ...args, '--json'], { encoding: 'utf8', input });
  return { code: status, value: JSON.parse(stdout) };
}

describe('decide and export on the command line', () => {
  let folder = '';
  let sample = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pairlab-decide-'));
    sample = join(folder, 'sample');
    const size = ['--classes', '4', '--pairs-per-class', '5'];
    for (const args of [
      ['sample', sample, ...size, '--damage', '0.3'],
      ['init', sample],
      ['index', sample],
    ])
      json(args);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('exclude all pairs of a key, and take them back with an undo', () => {
    const pair = 'train/orange-square/p0004';
    expect(json(['decide', sample, pair, '--exclude', '--reason', 'blurred'])).toMatchObject({
      code: 0,
      value: { acts: [{ decision: { decision: 'exclude' }, targets: 3, reason: 'blurred' }], excluded: 3 },
    });
    expect(json(['decide', sample, '--undo'])).toMatchObject({ value: { acts: [{ undone: true }], excluded: 0 } });
    expect(json(['decide', sample, '--list'])).toMatchObject({ value: { acts: [{ targets: 3, undone: true }] } });
  });

  it('read the names from stdin', () => {
    const names = 'train/captions/orange-square/p0004.txt\n\ntrain/captions/orange-square/p0005.txt\n';
    const said = json(['decide', sample, '--note', 'looked at', '--item', '--from', '-'], names);
    expect(said).toMatchObject({ code: 0, value: { acts: [{ targets: 2 }] } });
  });

  it('propose what the fixes of a kind of problem exclude, and do it when they are told to', () => {
    const leaks = ['decide', sample, '--kind', 'split-leak'];
    const proposed = ['test/audio/yellow-triangle/p0012.wav', 'test/images/yellow-triangle/p0012.png'];
    expect(json(leaks)).toMatchObject({ code: 0, value: { acts: [], proposed } });
    expect(json([...leaks, '--yes'])).toMatchObject({ value: { acts: [{ reason: 'split-leak' }], excluded: 3 } });
    expect(json(leaks)).toMatchObject({ value: { proposed: [] } });
  });

  it('decide nothing when a name is unknown or the decision is not one', () => {
    for (const args of [['nope', '--weak'], ['p', '--weak', '--strong'], ['--exclude'], ['p', '--text', 'x']]) {
      expect(json(['decide', sample, ...args]).code).toBe(2);
    }
  });

  it('write a manifest without what is excluded, and say so', async () => {
    const output = join(folder, 'out');
    expect(json(['export', sample, '--to', 'csv', '--output', output])).toMatchObject({
      code: 0,
      value: {
        rows: 19,
        leftOut: [{ reason: 'excluded by a decision', count: 3 }, { count: 4 }],
        files: ['pairs.csv'],
      },
    });
    expect(await readFile(join(output, 'pairs.csv'), 'utf8')).not.toContain('p0012');
    expect(json(['export', sample, '--to', 'csv', '--output', output]).code).toBe(2);
    expect(json(['export', sample, '--to', 'nonsense', '--output', output]).code).toBe(2);
  });
});
