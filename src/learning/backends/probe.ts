import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { throwIfCancelled } from '../../base/errors.ts';
import { nativeNode, programEnvironment, programPath } from '../../base/programs.ts';
import { ProbeAnswer, type ProbeRequest } from './probeMessages.ts';

/** A new GPU may have all its kernels compiled at first. */
const LIMIT_SECONDS = 120;
const WORDS = 2000;
/** As a run has it where as many train as there are cores. More threads for small networks wait for each other. */
const ON_ONE_THREAD = { TF_NUM_INTRAOP_THREADS: '1' };

/**
 * Measures a backend in a process of its own, which may crash or hang without harm.
 * @throws CancelledError once the signal is aborted
 */
export async function probe(request: ProbeRequest, signal?: AbortSignal): Promise<ProbeAnswer> {
  throwIfCancelled(signal);
  const child = fork(programPath('probe'), [], {
    execPath: nativeNode(),
    execArgv: [],
    env: { ...programEnvironment(), ...(request.name === 'tensorflow' && ON_ONE_THREAD) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words = `${words}${chunk}`.slice(-WORDS);
  });
  const stop = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, LIMIT_SECONDS * 1000);
  try {
    const answer = await answerOf(child, request);
    throwIfCancelled(signal);
    if (answer !== undefined) return answer;
    const how = late
      ? `It did not answer within ${LIMIT_SECONDS} seconds.`
      : `It took its process down (${endOf(child)}).`;
    return { outcome: 'refused', reason: `${how}${lastLine(words)}` };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** Undefined when the process ends without an answer. */
async function answerOf(child: ChildProcess, request: ProbeRequest): Promise<ProbeAnswer | undefined> {
  const ended = new Promise<undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', () => resolve(undefined));
  });
  const answered = once(child, 'message').then(([sent]) => ProbeAnswer.parse(sent));
  answered.catch(() => undefined);
  child.send(request, () => undefined);
  return await Promise.race([answered, ended]);
}

function endOf({ signalCode, exitCode, pid }: ChildProcess): string {
  if (pid === undefined) return `${nativeNode()} cannot be started`;
  return signalCode ?? `exit code ${exitCode}`;
}

function lastLine(words: string): string {
  const last = words.trim().split('\n').at(-1) ?? '';
  return last === '' ? '' : ` It said: ${last}`;
}
