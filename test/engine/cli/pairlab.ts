import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { Random } from '../../../src/base/random.ts';
import { type Files, placeWith, sound } from '../dataset/place.ts';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way, in a process of its own. */
export class Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor(...args: string[]) {
    this.process = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout?.on('data', (chunk) => {
      this.#stdout += chunk;
    });
    this.process.stderr?.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.process.once('close', (code, signal) =>
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
    onTestFinished(() => void this.process.kill('SIGKILL'));
  }

  /** Waits until it says that it is at a stage. Throws when it ends before. */
  async stage(name: string): Promise<void> {
    const isThere = (): boolean => this.#stderr.includes(`${name} …\n`);
    const heard = new Promise<void>((resolve) => {
      if (isThere()) resolve();
      this.process.stderr?.on('data', () => isThere() && resolve());
    });
    await Promise.race([heard, this.ended.then((ended) => isThere() || refuse(name, ended))]);
  }
}

function refuse(stage: string, { code, stdout, stderr }: Ended): never {
  throw new Error(`It ended (${code}) before "${stage}": ${stdout} ${stderr}`);
}

/** Runs a command with --json to its end and gives what it printed. Throws when it fails. */
export async function pairlab<S extends z.ZodType>(result: S, ...args: string[]): Promise<z.infer<S>> {
  const { code, stdout, stderr } = await new Running(...args, '--json').ended;
  if (code !== 0 && code !== 1) throw new Error(stderr);
  return result.parse(JSON.parse(stdout));
}

export const Indexed = z.object({ snapshot: z.object({ id: z.string() }), reread: z.number(), reused: z.number() });

/** A dataset of so many pairs of a sound and a text, which no two share. */
export async function manyPairs(count: number): Promise<string> {
  const random = Random.of(1, 'pairs');
  const words = (some: number): number[] => Array.from({ length: some }, () => random.integer(20_000) - 10_000);
  const files: Record<string, string | Uint8Array> = {
    'pairlab.yaml': `name: many
pairing:
  layout: stem
  items: { audio: "audio/{stem}", text: "text/{stem}" }
  strength: strong
`,
  };
  for (let index = 0; index < count; index++) {
    files[`audio/${index}.wav`] = sound({ samples: words(2000) });
    files[`text/${index}.txt`] = words(12).join(' ');
  }
  return await placeWith(files satisfies Files);
}

/** Files below the dataset's results that no finished run leaves. */
export async function unfinished(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, '.pairlab'), { recursive: true });
  return names.filter((name) => name.includes('.tmp'));
}

/** How many files of read contents there are. */
export async function countParts(folder: string): Promise<number> {
  const names = await readdir(join(folder, '.pairlab'), { recursive: true });
  return names.filter((name) => name.endsWith('.parquet') && name.includes('part-')).length;
}
