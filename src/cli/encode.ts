import * as z from 'zod';
import { loadDataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import type { EmbeddingSet } from '../embedding/embeddingSet.ts';
import { embeddingsOf } from '../embedding/encodeSnapshot.ts';
import { Modality } from '../protocol.ts';
import { operand, options } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

const Result = z.object({
  dataset: z.string(),
  snapshot: z.string(),
  sets: z.array(
    z.object({
      modality: Modality,
      encoder: z.string(),
      dimensions: z.number(),
      /** Items with a vector. */
      items: z.number(),
      /** How many items the encoder was fitted on. */
      fitted: z.number(),
      /** ISO 8601. An embedding set that fits the snapshot is not computed again. */
      created: z.string(),
      unreadable: z.array(z.object({ item: z.string(), sentence: z.string() })),
    }),
  ),
});
type Result = z.infer<typeof Result>;

const Options = z.object({ modality: Modality.optional() });

export const encodeCommand: Command = {
  name: 'encode',
  summary: 'turn the items of a dataset into vectors',
  operands: '[<dataset file or folder>]',
  options: { modality: { type: 'string', value: 'modality', help: 'image, audio or text; all of them by default' } },
  result: Result,
  run: async (args, context) => {
    const { modality } = options(args, Options);
    const snapshot = await Snapshot.open(await loadDataset(operand(args, 'dataset', '.')));
    try {
      const present = Modality.options.filter((name) => (snapshot.summary.items[name] ?? 0) > 0);
      const sets: EmbeddingSet[] = [];
      for (const name of modality === undefined ? present : [modality]) {
        sets.push(await embeddingsOf(snapshot, name, context));
      }
      const result = summarize(snapshot, sets);
      return { json: result, text: inWords(result), problems: sets.some(({ unreadable }) => unreadable.length > 0) };
    } finally {
      snapshot.close();
    }
  },
};

function summarize({ dataset, summary }: Snapshot, sets: readonly EmbeddingSet[]): Result {
  return {
    dataset: dataset.name,
    snapshot: summary.id,
    sets: sets.map(({ modality, encoder, dimensions, ids, fitted, created, unreadable }) => {
      return { modality, encoder, dimensions, items: ids.length, fitted: fitted.items, created, unreadable };
    }),
  };
}

function inWords({ dataset, snapshot, sets }: Result): string {
  const rows = sets.map(({ modality, encoder, items, dimensions, fitted }) => [
    modality,
    encoder,
    items.toLocaleString('en'),
    String(dimensions),
    fitted.toLocaleString('en'),
  ]);
  const unreadable = sets.flatMap((set) => set.unreadable.map(({ item, sentence }) => `${item}: ${sentence}`));
  return [
    `${dataset}: embedding sets of snapshot ${snapshot}\n`,
    formatTable(['modality', 'encoder', 'items', 'dimensions', 'fitted on'], rows, [2, 3, 4]),
    ...(unreadable.length === 0 ? [] : [`\n${unreadable.length} items have no vector:`, ...unreadable.map(printable)]),
  ].join('\n');
}
