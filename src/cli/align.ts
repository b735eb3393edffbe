import * as z from 'zod';
import { computeAlignment } from '../alignment/computeAlignment.ts';
import { InputError } from '../base/errors.ts';
import { loadDataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { AlignmentReport, type ModalityPair, type Retrieval } from '../protocol.ts';
import { numeric, operand, options } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';

const Options = z.object({
  modalities: z.string().optional(),
  seed: numeric({ min: 0, max: 2 ** 31 - 1 }).default(0),
  folds: numeric({ min: 2, max: 20 }).default(5),
});

export const alignCommand: Command = {
  name: 'align',
  summary: 'measure how well the items of two modalities agree, and which pairs look wrong',
  operands: '[<dataset file or folder>]',
  options: {
    modalities: { type: 'string', value: 'first-second', help: 'such as image-audio; the first that pair by default' },
    seed: { type: 'string', value: 'number', help: 'of the folds (0)' },
    folds: { type: 'string', value: 'number', help: 'of the cross-validation (5)' },
  },
  result: AlignmentReport,
  run: async (args, context) => {
    const { modalities, seed, folds } = options(args, Options);
    const snapshot = await Snapshot.open(await loadDataset(operand(args, 'dataset', '.')));
    try {
      const chosen = chooseModalities(snapshot, modalities);
      const report = await computeAlignment(snapshot, chosen, { seed, folds }, context);
      return { json: report, text: inWords(report) };
    } finally {
      snapshot.close();
    }
  },
};

function chooseModalities({ summary, dataset }: Snapshot, wanted: string | undefined): ModalityPair {
  const known = summary.pairs.filter(({ count }) => count > 0);
  const chosen =
    wanted === undefined
      ? known[0]
      : known.find(({ first, second }) => [`${first}-${second}`, `${second}-${first}`].includes(wanted));
  if (chosen !== undefined) return { first: chosen.first, second: chosen.second };
  if (known.length === 0) throw new InputError(`${dataset.name} has no pairs, so there is nothing to align.`);
  const names = known.map(({ first, second }) => `${first}-${second}`).join(', ');
  throw new InputError(`${dataset.name} has no pairs of "${wanted}". Option --modalities can be: ${names}.`);
}

function inWords(report: AlignmentReport): string {
  const { dataset, data, pairs, strength, modalities, encoders, folds, notes } = report;
  return [
    `${dataset}: alignment of ${modalities.first} (${encoders.first.name}, ${encoders.first.dimensions}) and ` +
      `${modalities.second} (${encoders.second.name}, ${encoders.second.dimensions})`,
    `${pairs.toLocaleString('en')} ${strength} pairs of the data ${data}, ${folds} folds\n`,
    retrievalTable(report),
    '',
    metricTable(report),
    '\nThe pairs that look most wrong, worst first:\n',
    suspiciousTable(report),
    '',
    ...notes.map((note) => `• ${note}`),
  ].join('\n');
}

function retrievalTable({ forward, backward }: AlignmentReport): string {
  const row = (title: string, numbers: Retrieval['chance']): string[] => [
    title,
    percent(numbers.recall1),
    percent(numbers.recall5),
    percent(numbers.recall10),
    String(Math.round(numbers.medianRank * 10) / 10),
    numbers.meanReciprocalRank.toFixed(3),
  ];
  const rows = [forward, backward].flatMap((direction) => [
    row(`${direction.from} → ${direction.to}`, direction),
    row('  by chance', direction.chance),
  ]);
  return formatTable(['retrieval', 'recall@1', 'recall@5', 'recall@10', 'median rank', 'MRR'], rows, [1, 2, 3, 4, 5]);
}

function metricTable({ linearCka, debiasedCka, mutualKnn, modalityGap }: AlignmentReport): string {
  const rows = [
    ['linear CKA', linearCka],
    ['linear CKA, debiased', debiasedCka],
    [`mutual ${mutualKnn.neighbours}-NN`, mutualKnn],
    ['modality gap', modalityGap],
  ] as const;
  const cells = rows.map(([title, { value, chance }]) => [title, value.toFixed(3), chance?.toFixed(3) ?? '']);
  return formatTable(['metric', 'value', 'by chance'], cells, [1, 2]);
}

function suspiciousTable({ suspicious, modalities }: AlignmentReport): string {
  const rows = suspicious.map((pair) => [
    pair.pair,
    pair.class ?? '',
    pair.similarity.toFixed(3),
    pair.margin.toFixed(3),
    String(pair.rankForward),
    String(pair.rankBackward),
  ]);
  const header = ['pair', 'class', 'similarity', 'margin', `rank → ${modalities.second}`, `rank → ${modalities.first}`];
  return formatTable(header, rows, [2, 3, 4, 5]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
