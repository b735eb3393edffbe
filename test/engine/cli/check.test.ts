import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ProblemKind } from '../../../src/protocol.ts';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** The part of SARIF 2.1.0 that services for code scanning read (docs.oasis-open.org/sarif/sarif/v2.1.0). */
const Text = z.strictObject({ text: z.string().min(1) });
const Level = z.enum(['error', 'warning', 'note']);
const Location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({ uri: z.string().regex(/^(?:file:\/\/\/)?[^\s\\]+$/) }),
    region: z.strictObject({ startLine: z.int().min(1) }).optional(),
  }),
  logicalLocations: z.array(z.strictObject({ fullyQualifiedName: z.string() })),
});
const Sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.literal('PairLab'),
          rules: z.array(
            z.strictObject({ id: ProblemKind, shortDescription: Text, fullDescription: Text, help: Text }),
          ),
        }),
      }),
      invocations: z.tuple([
        z.strictObject({
          executionSuccessful: z.literal(true),
          toolExecutionNotifications: z.array(z.strictObject({ level: Level, message: Text })),
        }),
      ]),
      results: z.array(
        z.strictObject({
          ruleId: ProblemKind,
          ruleIndex: z.int().min(0),
          level: Level,
          message: Text,
          locations: z.tuple([Location]),
          partialFingerprints: z.strictObject({ 'pairlab/v1': z.string().regex(/^[0-9a-f]{16}:\d+$/) }),
        }),
      ),
    }),
  ]),
});

describe('pairlab check', () => {
  let folder = '';
  const check = (...args: string[]): { code: number | null; stdout: string; stderr: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'check', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr };
  };

  const run = (...args: string[]): void => {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pairlab-check-'));
    run('sample', 'clean', '--classes', '4', '--pairs-per-class', '5');
    run('init', 'clean');
    const names = await readdir(join(folder, 'clean', 'data'), { recursive: true });
    const picture = join(folder, 'clean', 'data', names.find((name) => name.endsWith('.png')) ?? '');
    await mkdir(join(folder, 'broken'));
    for (const name of ['a b.png', 'copy.png']) await copyFile(picture, join(folder, 'broken', name));
    await writeFile(join(folder, 'broken', 'pairs.csv'), BROKEN);
    await writeFile(join(folder, 'broken', 'pairlab.yaml'), TABLE);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('passes a dataset without errors, and says what it holds', () => {
    const { code, stdout } = check('clean', '--severity', 'error');
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^.+: 60 pairs, every item decoded, [\d.]+ s\n/);
    expect(stdout).toMatch(/^audio +train +\d+ +[\d.]+ +.+ s in all · \d+ Hz · 2 channels · wav$/m);
    expect(stdout).toMatch(/^text +train +\d+ +[\d.]+ +\d+–\d+ \(median \d+\) characters/m);
  });

  it('counts problems by kind, names them, and exits with 1 from the severity on that is asked for', () => {
    const { code, stdout } = check('broken');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^missing-file +1 +Missing file$/m);
    expect(stdout).toContain('error · split-leak · a b.png stands in the splits train and test, there as copy.png');
  });

  it('prints one object of the documented shape with --json', () => {
    const { code, stdout } = check('broken', '--json', '--headers-only');
    expect(code).toBe(1);
    const schema = spawnSync(process.execPath, [cli, 'schema', 'check'], { encoding: 'utf8' }).stdout;
    expect(z.fromJSONSchema(JSON.parse(schema)).parse(JSON.parse(stdout))).toMatchObject({
      snapshot: { problems: { 'missing-file': 1, 'exact-duplicate': 1, 'split-leak': 1 } },
      statistics: { modalities: [{ modality: 'image', items: 2 }, { modality: 'text' }] },
    });
  });

  it('prints SARIF with the line of a row, and the same fingerprints every time', () => {
    const { code, stdout } = check('broken', '--format', 'sarif');
    expect(code).toBe(1);
    const [{ tool, results }] = Sarif.parse(JSON.parse(stdout)).runs;
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const places = results.map(({ ruleId, level, locations: [{ physicalLocation: place }] }) => [
      ruleId,
      level,
      place.artifactLocation.uri,
      place.region?.startLine,
    ]);
    expect(places).toContainEqual(['missing-file', 'error', 'broken/pairs.csv', 4]);
    expect(places).toContainEqual(['split-leak', 'error', 'broken/a%20b.png', undefined]);
    expect(check('broken', '--format', 'sarif').stdout).toBe(stdout);
  });

  it('refuses what it cannot do with exit code 2', () => {
    for (const args of [['nowhere'], ['clean', '--severity', 'fatal'], ['clean', '--format', 'sarif', '--json']]) {
      const { code, stderr } = check(...args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr).toMatch(/^pairlab: .+\.$/m);
    }
  });

  it('stops when it is interrupted', async () => {
    run('sample', 'large', '--classes', '8', '--pairs-per-class', '30');
    run('init', 'large');
    const child = spawn(process.execPath, [cli, 'check', 'large'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.once('data', () => child.kill('SIGINT'));
    expect(await once(child, 'exit')).toEqual([130, null]);
  });
});

const BROKEN = `image,caption,split
a b.png,a square,train
copy.png,a circle,test
gone.png,null,train
`;

const TABLE = `name: broken
pairing:
  layout: table
  file: pairs.csv
  items: { image: { path: image }, text: { cell: caption } }
  split: split
  strength: strong
`;
