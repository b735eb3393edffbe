import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { layOut } from '../../../../src/alignment/projection/layOut.ts';
import { projectUmap } from '../../../../src/alignment/projection/umap.ts';
import { CancelledError, EnvironmentError, InputError } from '../../../../src/base/errors.ts';
import { fromRows } from '../../../../src/base/matrix.ts';
import { programPath } from '../../../../src/base/programs.ts';
import type { ProgressStep } from '../../../../src/base/progress.ts';
import { clustered } from '../../../unit/alignment/projection/clusters.ts';
import { placeWith } from '../../dataset/place.ts';

interface Projection {
  readonly pid: number;
  readonly niceness: number;
}

/** The processes that lay out maps for this process. */
async function projections(): Promise<Projection[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,ni=,args=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, parent, , ...command]) => parent === String(process.pid) && command.some(isProjection))
    .map(([pid, , niceness]) => ({ pid: Number(pid), niceness: Number(niceness) }));
}

function isProjection(word: string): boolean {
  return word.endsWith('projection.js');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Does something once, in the midst of the epochs. */
function amidst(act: () => void): (step: ProgressStep) => void {
  let done = false;
  return (step) => {
    if (done || step.total === undefined || step.done < step.total / 10) return;
    done = true;
    act();
  };
}

/** Takes seconds. */
const LARGE = clustered(3000, 16);

describe('a map laid out in its own process', () => {
  it('is the one that is laid out here, and the same again', async () => {
    const matrix = clustered(200, 16);
    const map = await projectUmap(matrix, { seed: 3 });
    expect(map).toEqual(await layOut(matrix, { neighbours: 15, minDistance: 0.1, seed: 3 }, () => {}));
    expect(await projectUmap(matrix, { seed: 3 })).toEqual(map);
    expect(await projections()).toEqual([]);
  });

  it('tells its epochs while they run, behind what else runs, and leaves this process free', async () => {
    const seen: Projection[] = [];
    let looked: Promise<void> | undefined;
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 10);
    const progress = amidst(() => {
      ticks = 0;
      looked = projections().then((found) => void seen.push(...found));
    });
    await projectUmap(LARGE, { seed: 0 }, { progress });
    clearInterval(ticking);
    await looked;
    expect(seen.map(({ niceness }) => niceness)).toEqual([10]);
    expect(ticks).toBeGreaterThan(20);
  });

  it('leaves no process when it is cancelled, whatever it is doing', async () => {
    const controller = new AbortController();
    const progress = amidst(() => controller.abort());
    const work = projectUmap(LARGE, { seed: 0 }, { signal: controller.signal, progress });
    await expect(work).rejects.toThrow(CancelledError);
    expect(await projections()).toEqual([]);
  });

  it('leaves no process when it is cancelled at once', async () => {
    const controller = new AbortController();
    const work = projectUmap(LARGE, { seed: 0 }, { signal: controller.signal });
    controller.abort();
    await expect(work).rejects.toThrow(CancelledError);
    expect(await projections()).toEqual([]);
    await expect(projectUmap(LARGE, { seed: 0 }, { signal: controller.signal })).rejects.toThrow(CancelledError);
  });

  it('says how its process ended when that is killed', async () => {
    const progress = amidst(async () => {
      for (const { pid } of await projections()) process.kill(pid, 'SIGKILL');
    });
    const failure = await projectUmap(LARGE, { seed: 0 }, { progress }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnvironmentError);
    expect(String(failure)).toContain('ended before it was done (SIGKILL)');
  });

  it.runIf(process.platform !== 'win32')(
    'is ended when its parent is gone, in the midst of the epochs (Windows does not tell of the parent)',
    async () => {
      const root = await placeWith({
        'parent.js': `
          const child = require('node:child_process').fork(process.argv[2], [], { serialization: 'advanced' });
          const data = Float32Array.from({ length: 5000 * 8 }, (_, i) => Math.sin(i * i));
          child.send({ matrix: { rows: 5000, columns: 8, data }, neighbours: 15, minDistance: 0.1, seed: 0 });
          child.on('message', ({ step }) => { if (step.total) process.stdout.write(child.pid + ' '); });`,
      });
      const parent = spawn(process.execPath, [join(root, 'parent.js'), programPath('projection')]);
      const [written] = await once(parent.stdout, 'data');
      const pid = Number.parseInt(String(written), 10);
      expect(isAlive(pid)).toBe(true);
      parent.kill('SIGKILL');
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
    },
  );

  it('refuses numbers that are not finite, and says where', async () => {
    const matrix = fromRows([
      [1, 2],
      [3, Number.NaN],
    ]);
    const failure = await projectUmap(matrix, { seed: 0 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toContain('Row 1 of the vectors holds NaN');
  });
});
