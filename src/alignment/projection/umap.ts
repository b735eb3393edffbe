import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { EnvironmentError, InputError, throwIfCancelled } from '../../base/errors.ts';
import type { Matrix } from '../../base/matrix.ts';
import { programEnvironment, programPath } from '../../base/programs.ts';
import type { Job } from '../../base/progress.ts';
import { MEMORY_GIGABYTES, OUT_OF_MEMORY } from '../../decoding/guard.ts';
import { Answer, type Task } from './messages.ts';

/** JavaScript objects only; vectors and neighbours lie outside of this heap. */
const HEAP_MEGABYTES = 1024;
const STDERR_CHARACTERS = 2000;

export interface UmapOptions {
  /** How many nearest rows make the neighbourhood of a row, itself among them: at least 2. */
  readonly neighbours?: number;
  /** How close neighbours may lie on the map. */
  readonly minDistance?: number;
  readonly seed: number;
}

/**
 * The places of the rows on a map, rows × 2, by UMAP with cosine (`layOut` says what equal and few rows give).
 * Runs in a process of its own, at low priority and with at most {@link MEMORY_GIGABYTES} GB, which is gone when this
 * settles and ends at once when the signal is aborted. 20,000 × 128 take half a minute of one processor. Throws
 * {@link InputError} for a number that is not finite and {@link EnvironmentError} when the process fails.
 */
export async function projectUmap(
  matrix: Matrix,
  { neighbours = 15, minDistance = 0.1, seed }: UmapOptions,
  job: Job = {},
): Promise<Float32Array> {
  throwIfCancelled(job.signal);
  requireFinite(matrix);
  const child = start();
  const stop = (): void => void child.kill('SIGKILL');
  job.signal?.addEventListener('abort', stop);
  try {
    return await ask(child, { matrix, neighbours, minDistance, seed }, job);
  } finally {
    job.signal?.removeEventListener('abort', stop);
    stop();
  }
}

function requireFinite({ columns, data }: Matrix): void {
  const place = data.findIndex((value) => !Number.isFinite(value));
  if (place === -1) return;
  throw new InputError(
    `Row ${Math.floor(place / columns)} of the vectors holds ${data[place]}, which has no place on a map. Encode or import them again.`,
  );
}

function start(): ChildProcess {
  return fork(programPath('projection'), [], {
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
    serialization: 'advanced',
    env: programEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** Settles only once the child is gone. */
async function ask(child: ChildProcess, task: Task, job: Job): Promise<Float32Array> {
  const heard = listen(child, job);
  // A task that cannot be sent is told by the ending.
  child.send(task, () => {});
  const how = await endingOf(child);
  throwIfCancelled(job.signal);
  const { answer, words } = heard;
  if (answer?.kind === 'places') return answer.places;
  if (answer?.kind === 'refusal') throw new EnvironmentError(answer.sentence);
  throw new EnvironmentError(explain(how, words, task.matrix), words);
}

/** What the child says, up to now. Its last answer ends it. */
function listen(child: ChildProcess, job: Job): { readonly answer?: Answer; readonly words: string } {
  const heard: { answer?: Answer; words: string } = { words: '' };
  child.on('message', (sent) => {
    const { data: answer } = Answer.safeParse(sent);
    if (answer?.kind === 'step') return job.progress?.(answer.step);
    if (answer !== undefined) heard.answer = answer;
    child.kill('SIGKILL');
  });
  child.stderr?.on('data', (chunk) => {
    heard.words = (heard.words + chunk).slice(-STDERR_CHARACTERS);
  });
  return heard;
}

async function endingOf(child: ChildProcess): Promise<string> {
  return await once(child, 'close').then(
    ([code, signal]) => String(signal ?? `code ${code}`),
    () => 'it could not be started',
  );
}

function explain(how: string, words: string, { rows, columns }: Matrix): string {
  if (words.includes(OUT_OF_MEMORY)) {
    return `A map of ${rows} × ${columns} numbers needs more memory than the ${MEMORY_GIGABYTES} GB that it may take. Map fewer rows.`;
  }
  return `The process that lays out the map ended before it was done (${how}). Try again; should it end again, map fewer rows.`;
}
