import * as z from 'zod';
import { Decision, type Target } from '../../protocol.ts';

/** Who decided, and when. All lines of one act have its id, so that undoing it undoes them all. */
const Signed = z.object({
  id: z.string().min(1),
  /** ISO 8601. */
  time: z.string(),
  author: z.string(),
  reason: z.string().optional(),
});

const Subject = z.object({ pair: z.string().optional(), item: z.string().optional() });

const Decided = Signed.and(Subject)
  .and(Decision)
  .refine(({ pair, item }) => (pair === undefined) !== (item === undefined), 'name either a pair or an item')
  .refine(
    ({ decision, item }) => decision !== 'text' || item !== undefined,
    'a text belongs to an item, not to a pair',
  );

const Undo = Signed.extend({ decision: z.literal('undo'), undoes: z.string() });

/** A line of a dataset's `.exclusions.jsonl`. */
export const DecisionRecord = z.union([Undo, Decided]);
export type DecisionRecord = z.infer<typeof DecisionRecord>;
export type Decided = z.infer<typeof Decided>;
export type Undo = z.infer<typeof Undo>;

export function targetOf({ pair, item }: Decided): Target {
  return pair === undefined ? { item: item ?? '' } : { pair };
}
