import * as z from 'zod';
import { Decision } from '../../protocol.ts';
import { readRecords } from './file.ts';
import { type DecisionRecord, targetOf } from './record.ts';

/** What one person decided at once, about one or many pairs and items. */
export const Act = z.object({
  id: z.string(),
  /** ISO 8601. */
  time: z.string(),
  author: z.string(),
  reason: z.string().optional(),
  decision: Decision,
  /** How many pairs or items it is about. */
  targets: z.number(),
  /** The first of them. */
  example: z.string(),
  undone: z.boolean(),
});
export type Act = z.infer<typeof Act>;

export interface Acts {
  /** In the order of the file. */
  readonly acts: readonly Act[];
  /** Ids of acts that do not count any more. */
  readonly undone: ReadonlySet<string>;
  /** Lines that undo what does not stand above them. */
  readonly strayUndos: readonly { readonly line: number; readonly undoes: string }[];
}

interface Undoing {
  readonly id: string;
  readonly undoes: string;
}

/**
 * Reads who decided what. The order of the lines counts, not their times. An undo takes back the act that it names;
 * undoing an undo makes that act count again.
 */
export async function readActs(path: string): Promise<Acts> {
  const acts = new Map<string, Omit<Act, 'undone'>>();
  const undos: Undoing[] = [];
  const known = new Set<string>();
  const strayUndos: { line: number; undoes: string }[] = [];
  for await (const read of readRecords(path)) {
    if (!('record' in read)) continue;
    const { record } = read;
    if (record.decision === 'undo') {
      if (known.has(record.undoes)) undos.push(record);
      else strayUndos.push({ line: read.line, undoes: record.undoes });
    } else {
      acts.set(record.id, withTarget(acts.get(record.id), record));
    }
    known.add(record.id);
  }
  const undone = undoneBy(undos);
  return {
    acts: [...acts.values()].map((act) => ({ ...act, undone: undone.has(act.id) })),
    undone,
    strayUndos,
  };
}

function undoneBy(undos: readonly Undoing[]): Set<string> {
  const undone = new Set<string>();
  for (const { id, undoes } of undos.toReversed()) if (!undone.has(id)) undone.add(undoes);
  return undone;
}

function withTarget(
  known: Omit<Act, 'undone'> | undefined,
  record: Exclude<DecisionRecord, { decision: 'undo' }>,
): Omit<Act, 'undone'> {
  if (known !== undefined) return { ...known, targets: known.targets + 1 };
  const { id, time, author, reason } = record;
  const target = targetOf(record);
  const example = 'pair' in target ? target.pair : target.item;
  return { id, time, author, reason, decision: decisionOf(record), targets: 1, example };
}

function decisionOf(record: Exclude<DecisionRecord, { decision: 'undo' }>): Decision {
  return 'value' in record ? { decision: record.decision, value: record.value } : { decision: record.decision };
}
