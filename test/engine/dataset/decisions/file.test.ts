import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/dataset/config.ts';
import { readActs } from '../../../../src/dataset/decisions/acts.ts';
import { decide, undo } from '../../../../src/dataset/decisions/decide.ts';
import { appendRecords, exclusionsFile, type ReadLine, readRecords } from '../../../../src/dataset/decisions/file.ts';
import { datasetIn } from './dataset.ts';

let folder = '';
let dataset: Dataset;
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairlab-decisions-'));
  dataset = datasetIn(folder);
  file = exclusionsFile(dataset);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const linesOf = async (): Promise<unknown[]> =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

async function read(): Promise<ReadLine[]> {
  const lines: ReadLine[] = [];
  for await (const line of readRecords(file)) lines.push(line);
  return lines;
}

describe('the file of decisions', () => {
  it('gets a line for each pair or item, signed, with one id for the act', async () => {
    const id = await decide(dataset, { decision: 'exclude' }, [{ pair: 'a:image-text' }, { item: 'b.png' }], 'blurred');
    const signed = { id, decision: 'exclude', reason: 'blurred', author: expect.any(String), time: expect.any(String) };
    expect(await linesOf()).toEqual([
      { ...signed, pair: 'a:image-text' },
      { ...signed, item: 'b.png' },
    ]);
  });

  it('is only ever appended to', async () => {
    await decide(dataset, { decision: 'class', value: 'dog' }, [{ pair: 'a' }]);
    const before = await readFile(file, 'utf8');
    await decide(dataset, { decision: 'class', value: 'cat' }, [{ pair: 'a' }]);
    await undo(dataset);
    expect((await readFile(file, 'utf8')).startsWith(before)).toBe(true);
  });

  it('is signed with the name that git has for the folder', async () => {
    const git = spawn('git', ['init', '-q', folder]);
    await once(git, 'exit');
    await once(spawn('git', ['-C', folder, 'config', 'user.name', 'Ada Lovelace']), 'exit');
    await decide(dataset, { decision: 'weak' }, [{ pair: 'a' }]);
    expect(await linesOf()).toMatchObject([{ author: 'Ada Lovelace' }]);
  });

  it('says which lines are no decisions, and why, and goes on', async () => {
    await decide(dataset, { decision: 'exclude' }, [{ pair: 'a' }]);
    await appendFile(file, '{"decision":"burn"}\nnonsense\n\n');
    await decide(dataset, { decision: 'exclude' }, [{ pair: 'b' }]);
    expect(await read()).toEqual([
      { line: 1, record: expect.objectContaining({ pair: 'a' }) },
      { line: 2, fault: 'is not a decision that this version of PairLab knows' },
      { line: 3, fault: 'is not JSON, or not all of it was written' },
      { line: 5, record: expect.objectContaining({ pair: 'b' }) },
    ]);
  });

  it('loses nothing but the line that a crash tore', async () => {
    await decide(dataset, { decision: 'exclude' }, [{ pair: 'a' }]);
    await appendFile(file, '{"id":"5","time":"2026');
    expect(await read()).toMatchObject([{ line: 1 }, { line: 2, fault: 'is not JSON, or not all of it was written' }]);
    await decide(dataset, { decision: 'exclude' }, [{ pair: 'b' }]);
    expect(await read()).toMatchObject([
      { line: 1 },
      { line: 2, fault: expect.stringContaining('JSON') },
      { record: { pair: 'b' } },
    ]);
  });

  it('refuses decisions that name nothing, both a pair and an item, or the text of a pair', async () => {
    const signed = { id: '1', time: 't', author: 'a' };
    const bad = [
      { ...signed, decision: 'exclude' },
      { ...signed, decision: 'exclude', pair: 'a', item: 'b' },
      { ...signed, decision: 'text', value: 'x', pair: 'a' },
      { ...signed, decision: 'class', pair: 'a' },
    ];
    await writeFile(file, bad.map((record) => `${JSON.stringify(record)}\n`).join(''));
    expect((await read()).map((line) => 'fault' in line)).toEqual([true, true, true, true]);
  });

  it('skips a line that is longer than any decision without holding it in memory', async () => {
    await writeFile(file, `${'x'.repeat(20_000_000)}\n`);
    await decide(dataset, { decision: 'exclude' }, [{ pair: 'a' }]);
    expect(await read()).toMatchObject([
      { fault: 'is longer than 16 MiB, so it was not read' },
      { record: { pair: 'a' } },
    ]);
  });

  it('is never followed as a link', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, 'mine\n');
    await symlink(elsewhere, file);
    await expect(decide(dataset, { decision: 'exclude' }, [{ pair: 'a' }])).rejects.toThrow(/is a link/);
    expect(await readFile(elsewhere, 'utf8')).toBe('mine\n');
  });

  it('keeps the lines of writers at work at the same time apart', async () => {
    const targets = (writer: number) => Array.from({ length: 3000 }, (_, index) => ({ pair: `${writer}-${index}` }));
    await Promise.all([1, 2, 3].map((writer) => decide(dataset, { decision: 'exclude' }, targets(writer))));
    const lines = await read();
    expect(lines).toHaveLength(9000);
    expect(lines.filter((line) => 'fault' in line)).toEqual([]);
  });

  it('reads any bytes without failing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await writeFile(file, bytes);
        for (const line of await read()) expect('fault' in line || 'record' in line).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('undo', () => {
  it('takes back the last act that counts, whole, and then the one before it', async () => {
    await decide(dataset, { decision: 'exclude' }, [{ pair: 'a' }]);
    await decide(dataset, { decision: 'weak' }, [{ pair: 'b' }, { pair: 'c' }]);
    expect(await undo(dataset)).toMatchObject({ decision: { decision: 'weak' }, targets: 2, example: 'b' });
    expect(await undo(dataset)).toMatchObject({ decision: { decision: 'exclude' } });
    await expect(undo(dataset)).rejects.toThrow(/no decision about .* to undo/);
  });

  it('takes back the act of an id, once', async () => {
    const id = await decide(dataset, { decision: 'exclude' }, [{ pair: 'a' }]);
    await decide(dataset, { decision: 'weak' }, [{ pair: 'a' }]);
    await undo(dataset, id);
    const { acts, undone } = await readActs(file);
    expect(acts.map((act) => act.undone)).toEqual([true, false]);
    expect([...undone]).toEqual([id]);
    await expect(undo(dataset, id)).rejects.toThrow(/undone already/);
    await expect(undo(dataset, 'x')).rejects.toThrow(/no decision "x"/);
  });

  it('can itself be undone by a line that names it', async () => {
    const id = await decide(dataset, { decision: 'exclude' }, [{ pair: 'a' }]);
    const signed = { time: 't', author: 'a', decision: 'undo' as const };
    await appendRecords(file, [
      { ...signed, id: 'u1', undoes: id },
      { ...signed, id: 'u2', undoes: 'u1' },
    ]);
    expect((await readActs(file)).acts).toMatchObject([{ id, undone: false }]);
  });

  it('of what does not stand above it is named', async () => {
    await appendRecords(file, [{ id: 'u', time: 't', author: 'a', decision: 'undo', undoes: 'gone' }]);
    expect((await readActs(file)).strayUndos).toEqual([{ line: 1, undoes: 'gone' }]);
  });
});
