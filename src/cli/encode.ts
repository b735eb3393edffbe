import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { loadDataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import type { EmbeddingSet } from '../embedding/embeddingSet.ts';
import { embeddingsOf } from '../embedding/encodeSnapshot.ts';
import { isRunFolder, readRunNetwork } from '../embedding/runs/runNetwork.ts';
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
      /** Sets of one space are directly comparable. */
      space: z.string().exactOptional(),
      notes: z.array(z.string()),
      unreadable: z.array(z.object({ item: z.string(), sentence: z.string() })),
    }),
  ),
});
type Result = z.infer<typeof Result>;

const Options = z.object({
  modality: Modality.optional(),
  encoder: z.string().optional(),
  name: z.string().min(1).optional(),
  space: z.string().min(1).optional(),
  ids: z.string().optional(),
  array: z.string().optional(),
  transformers: z.string().optional(),
});

/** Items without a vector that are named in words; `--json` names all. */
const SHOWN = 20;

export const encodeCommand: Command = {
  name: 'encode',
  summary: 'turn the items of a dataset into vectors',
  operands: '[<dataset file or folder>]',
  options: {
    modality: { type: 'string', value: 'modality', help: 'image, audio or text; all of them by default' },
    encoder: {
      type: 'string',
      value: 'encoder',
      help: 'patches, log-mel, ngrams, a stored set, the folder of an ONNX model or a run, or a file or folder of arrays',
    },
    name: { type: 'string', value: 'name', help: 'of the embedding set; that of the folder or file by default' },
    space: { type: 'string', value: 'name', help: 'sets of one space are directly comparable' },
    ids: { type: 'string', value: 'file', help: 'of arrays: an id for each row (txt, json, csv, tsv, jsonl, parquet)' },
    array: { type: 'string', value: 'name', help: 'of arrays: the one to take from files that hold several' },
    transformers: {
      type: 'string',
      value: 'folder',
      help: 'of ONNX models: where @huggingface/transformers is installed',
    },
  },
  result: Result,
  run: async (args, context) => {
    const { modality, ...choice } = options(args, Options);
    const snapshot = await Snapshot.open(await loadDataset(operand(args, 'dataset', '.')));
    try {
      const sets: EmbeddingSet[] = [];
      for (const name of await modalitiesToEncode(snapshot, modality, choice.encoder)) {
        sets.push(await embeddingsOf(snapshot, name, { ...context, ...choice }));
      }
      const result = summarize(snapshot, sets);
      return { json: result, text: inWords(result), problems: sets.some(({ unreadable }) => unreadable.length > 0) };
    } finally {
      snapshot.close();
    }
  },
};

/** All that are there; when an encoder was chosen, both of a run, else there must be one only. */
async function modalitiesToEncode(
  { summary }: Snapshot,
  wanted: Modality | undefined,
  encoder?: string,
): Promise<Modality[]> {
  if (wanted !== undefined) return [wanted];
  if (encoder !== undefined && (await isRunFolder(encoder))) {
    const { source, target } = await readRunNetwork(encoder);
    return [source.modality, target.modality];
  }
  const present = Modality.options.filter((name) => (summary.items[name] ?? 0) > 0);
  if (encoder === undefined || present.length < 2) return present;
  throw new InputError(`What should "${encoder}" encode? Say so with --modality ${present.join(' or ')}.`);
}

function summarize({ dataset, summary }: Snapshot, sets: readonly EmbeddingSet[]): Result {
  return {
    dataset: dataset.name,
    snapshot: summary.id,
    sets: sets.map(({ ids, fitted, notes = [], modality, encoder, dimensions, created, space, unreadable }) => {
      const about = { modality, encoder, dimensions, created, ...(space !== undefined && { space }) };
      return { ...about, items: ids.length, fitted: fitted.items, notes, unreadable };
    }),
  };
}

function inWords({ dataset, snapshot, sets }: Result): string {
  const rows = sets.map(({ modality, encoder, items, dimensions, fitted, space = '' }) => [
    modality,
    encoder,
    items.toLocaleString('en'),
    String(dimensions),
    fitted === 0 ? '' : fitted.toLocaleString('en'),
    space,
  ]);
  return [
    `${dataset}: embedding sets of snapshot ${snapshot}\n`,
    formatTable(['modality', 'encoder', 'items', 'dimensions', 'fitted on', 'space'], rows, [2, 3, 4]),
    ...sets.flatMap(({ notes }) => notes.map((note) => `• ${printable(note)}`)),
    ...unreadableLines(sets.flatMap(({ unreadable }) => unreadable)),
  ].join('\n');
}

function unreadableLines(unreadable: Result['sets'][number]['unreadable']): string[] {
  if (unreadable.length === 0) return [];
  const shown = unreadable.slice(0, SHOWN).map(({ item, sentence }) => printable(`${item}: ${sentence}`));
  const more = unreadable.length - shown.length;
  return [
    `\n${unreadable.length.toLocaleString('en')} without a vector:`,
    ...shown,
    ...(more > 0 ? [`… and ${more} more; --json names them all.`] : []),
  ];
}
