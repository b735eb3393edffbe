import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { toSentence } from '../../base/errors.ts';
import { layOut } from './layOut.ts';
import { type Answer, Task } from './messages.ts';

/**
 * Lays out the one map that its parent asks for, behind all else that the machine has to do, until the parent ends it
 * or is gone.
 *
 * @param script absolute path of the bundle, which guards the process from a thread
 */
export function serveProjection(script: string): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  new Worker(script).unref();
  process.on('disconnect', () => process.exit());
  process.once('message', async (sent) => tell(await answer(Task.parse(sent))));
}

function tell(message: Answer): void {
  process.send?.(message);
}

async function answer({ matrix, ...options }: Task): Promise<Answer> {
  try {
    const places = await layOut(matrix, options, (step) => tell({ kind: 'step', step }));
    return { kind: 'places', places };
  } catch (error) {
    return { kind: 'refusal', sentence: toSentence(error) };
  }
}
