import { randomBytes } from 'node:crypto';
import { InputError } from '../../base/errors.ts';
import type { Decision, Target } from '../../protocol.ts';
import type { Dataset } from '../config.ts';
import { type Act, readActs } from './acts.ts';
import { authorIn } from './author.ts';
import { appendRecords, exclusionsFile } from './file.ts';

/**
 * Notes down what was decided, signed by the user: one act, however many pairs and items it is about. It counts from the
 * next indexing on. Returns the id of the act.
 */
export async function decide(
  dataset: Dataset,
  decision: Decision,
  targets: readonly Target[],
  reason?: string,
): Promise<string> {
  const signature = await sign(dataset);
  const why = reason === undefined ? {} : { reason };
  const records = targets.map((target) => ({ ...signature, ...decision, ...target, ...why }));
  await appendRecords(exclusionsFile(dataset), records);
  return signature.id;
}

/**
 * Takes back an act: the one of this id, else the last one that still counts. Nothing is erased; the undo is noted down
 * below it. Throws {@link InputError} when there is no such act.
 */
export async function undo(dataset: Dataset, id?: string): Promise<Act> {
  const file = exclusionsFile(dataset);
  const { acts } = await readActs(file);
  const act = id === undefined ? acts.findLast(({ undone }) => !undone) : acts.find((known) => known.id === id);
  if (act === undefined) {
    throw new InputError(
      id === undefined
        ? `There is no decision about ${dataset.name} to undo.`
        : `There is no decision "${id}" in ${file}. \`pairlab decide --list\` names them.`,
    );
  }
  if (act.undone) throw new InputError(`The decision "${act.id}" is undone already.`);
  await appendRecords(file, [{ ...(await sign(dataset)), decision: 'undo', undoes: act.id }]);
  return { ...act, undone: true };
}

async function sign(dataset: Dataset): Promise<{ id: string; time: string; author: string }> {
  return {
    id: randomBytes(6).toString('hex'),
    time: new Date().toISOString(),
    author: await authorIn(dataset.workspace),
  };
}
