import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { placeWith } from '../dataset/place.ts';

/** Makes `guard.js`, a thread that guards its process, beside scripts that start it. */
async function placeWithGuard(scripts: Record<string, string>): Promise<string> {
  const root = await placeWith(scripts);
  const guard = resolve('src/decoding/guard.ts');
  buildSync({
    stdin: {
      contents: `import { guardProcess } from ${JSON.stringify(guard)}; guardProcess(300e6);`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    outfile: join(root, 'guard.js'),
  });
  return root;
}

function start(script: string): ChildProcess {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const BUSY = `new (require('node:worker_threads').Worker)(require('node:path').join(__dirname, 'guard.js'));`;

describe('the guard of a decoder', () => {
  it('ends a process that holds too much memory, and says why', async () => {
    const eat = `${BUSY} const held = []; setInterval(() => held.push(Buffer.alloc(50e6, 1)), 20);`;
    const child = start(join(await placeWithGuard({ 'eat.js': eat }), 'eat.js'));
    let words = '';
    child.stderr?.on('data', (chunk) => {
      words += chunk;
    });
    const [code, signal] = await once(child, 'close');
    expect([code, signal, words]).toEqual([null, 'SIGKILL', 'out of memory']);
  });

  it.runIf(process.platform !== 'win32')(
    'ends a process whose parent is gone, also in the midst of an endless loop (Windows does not tell of the parent)',
    async () => {
      const root = await placeWithGuard({
        'loop.js': `${BUSY} setTimeout(() => { for (;;); }, 300);`,
        'parent.js': `const child = require('node:child_process').spawn(process.execPath, [__dirname + '/loop.js']);
          process.stdout.write(String(child.pid)); setInterval(() => {}, 1000);`,
      });
      const parent = start(join(root, 'parent.js'));
      const [pid] = await once(parent.stdout ?? parent, 'data');
      await new Promise((passed) => setTimeout(passed, 1000));
      expect(isAlive(Number(pid))).toBe(true);
      parent.kill('SIGKILL');
      await vi.waitFor(() => expect(isAlive(Number(pid))).toBe(false), 10_000);
    },
  );
});
