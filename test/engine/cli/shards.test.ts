import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { copyOf } from '../dataset/place.ts';
import { Indexed, manyPairs, pairlab, Running, unfinished } from './pairlab.ts';

const PAIRS = 60;
const SHARDS = ['1/3', '2/3', '3/3'];
const ShardRead = z.object({ shard: z.object({ number: z.number(), of: z.number() }), reread: z.number() });

describe.each(['index', 'check'])('`pairlab %s` by several jobs at once', (command) => {
  it('gives the snapshot of one run, and no item is read twice', async () => {
    const folder = await manyPairs(PAIRS);
    const one = await pairlab(Indexed, command, await copyOf(folder));
    const read = await Promise.all(SHARDS.map((shard) => pairlab(ShardRead, command, folder, '--shard', shard)));
    expect(read.map(({ shard }) => shard)).toEqual([1, 2, 3].map((number) => ({ number, of: 3 })));
    expect(read.map(({ reread }) => reread).reduce((sum, items) => sum + items)).toBe(2 * PAIRS);
    const merged = await pairlab(Indexed, command, folder, '--merge');
    expect(merged).toMatchObject({ snapshot: { id: one.snapshot.id }, reread: 0, reused: 2 * PAIRS });
    expect(await unfinished(folder)).toEqual([]);
  });

  it('reads what a killed job did not read when they are merged, and says so', async () => {
    const folder = await manyPairs(PAIRS);
    const one = await pairlab(Indexed, command, await copyOf(folder));
    const killed = new Running(command, folder, '--shard', '2/3');
    await killed.stage('listing files');
    killed.process.kill('SIGKILL');
    const others = await Promise.all(
      ['1/3', '3/3'].map((shard) => pairlab(ShardRead, command, folder, '--shard', shard)),
    );
    await killed.ended;
    const missing = 2 * PAIRS - others.map(({ reread }) => reread).reduce((sum, items) => sum + items);
    expect(missing).toBeGreaterThan(0);
    const { stdout } = await new Running(command, folder, '--merge').ended;
    expect(stdout).toMatch(`No shard had read ${missing} items, which were read now: see whether a job failed.\n`);
    const again = await pairlab(Indexed, command, folder, '--merge');
    expect(again).toMatchObject({ snapshot: { id: one.snapshot.id }, reread: 0 });
    expect(await unfinished(folder)).toEqual([]);
  });

  it('refuses what is no share', async () => {
    for (const shard of ['0/4', '5/4', 'a/b']) {
      const { code, stderr } = await new Running(command, '.', `--shard=${shard}`).ended;
      expect(stderr).toBe('pairlab: Option --shard cannot be used: it must be a share such as 2/4, from 1/4 to 4/4.\n');
      expect(code).toBe(2);
    }
  });

  it('refuses to merge with a shard', async () => {
    const { code, stderr } = await new Running(command, '.', '--shard', '1/2', '--merge').ended;
    expect([code, stderr]).toEqual([2, 'pairlab: A shard only reads: leave out --merge, or --shard.\n']);
  });
});
