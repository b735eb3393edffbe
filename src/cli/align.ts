import { extname, resolve } from 'node:path';
import * as z from 'zod';
import { computeAlignment } from '../alignment/computeAlignment.ts';
import { exportReport } from '../alignment/export/exportReport.ts';
import { breakdownRows, geometryRows, retrievalRows, subjectOf, suspiciousRows } from '../alignment/export/tables.ts';
import { judgeRanking } from '../alignment/knownWrong.ts';
import { storeReport } from '../alignment/store.ts';
import type { TextTable } from '../base/document/textTable.ts';
import { InputError } from '../base/errors.ts';
import { loadDataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { AlignmentReport, type ExportFormat, MapKind, type ModalityPair } from '../protocol.ts';
import { numeric, operand, options } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';

/** A terminal shows so many of the most suspicious pairs; the report has more. */
const PRINTED = 20;
const PRINTED_GROUPS = 20;
const FORMATS: Readonly<Record<string, ExportFormat>> = {
  '.json': 'json',
  '.csv': 'csv',
  '.md': 'markdown',
  '.html': 'html',
};

const Options = z.object({
  modalities: z.string().optional(),
  'first-encoder': z.string().optional(),
  'second-encoder': z.string().optional(),
  space: z.enum(['auto', 'shared', 'mapped']).default('auto'),
  map: MapKind.default('ridge'),
  seed: numeric({ min: 0, max: 2 ** 31 - 1 }).default(0),
  folds: numeric({ min: 2, max: 20 }).default(5),
  wrong: z.string().optional(),
  output: z
    .string()
    .refine((file) => extname(file).toLowerCase() in FORMATS, 'it must end in .html, .md, .csv or .json')
    .optional(),
});

export const alignCommand: Command = {
  name: 'align',
  summary: 'measure how well the items of two modalities agree, and which pairs look wrong',
  operands: '[<dataset file or folder>]',
  options: {
    modalities: { type: 'string', value: 'first-second', help: 'such as image-audio; the first that pair by default' },
    'first-encoder': { type: 'string', value: 'name', help: 'an embedding set of the first modality (see `encode`)' },
    'second-encoder': { type: 'string', value: 'name', help: 'an embedding set of the second modality' },
    space: { type: 'string', value: 'space', help: 'auto, shared (compare vectors as they are) or mapped (auto)' },
    map: { type: 'string', value: 'map', help: 'ridge, procrustes or cca, fitted on other folds (ridge)' },
    seed: { type: 'string', value: 'number', help: 'of the folds (0)' },
    folds: { type: 'string', value: 'number', help: 'of the cross-validation (5)' },
    wrong: { type: 'string', value: 'file', help: 'ids or keys of pairs known to be wrong: says how they are found' },
    output: { type: 'string', value: 'file', help: 'also write the report: .html, .md, .csv (all pairs) or .json' },
  },
  result: AlignmentReport,
  run: async (args, context) => {
    const { modalities, space, map, seed, folds, output, wrong, ...named } = options(args, Options);
    const snapshot = await Snapshot.open(await loadDataset(operand(args, 'dataset', '.')));
    try {
      const encoders = { first: named['first-encoder'], second: named['second-encoder'] };
      const question = { modalities: chooseModalities(snapshot, modalities), encoders, space, map, seed, folds };
      const computed = await computeAlignment(snapshot, question, context);
      const known = wrong === undefined ? undefined : await judgeRanking(snapshot.dataset, computed, resolve(wrong));
      const report = { ...computed, ...(known && { known }) };
      // For what is written below, and for the panel.
      if (known !== undefined) await storeReport(snapshot.dataset, report);
      const written = output === undefined ? undefined : resolve(output);
      const format = FORMATS[extname(written ?? '').toLowerCase()];
      if (written !== undefined && format !== undefined) {
        await exportReport(snapshot.dataset, report.id, format, written);
        context.note(`wrote ${written}`);
      }
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
  const { dataset, sets, question, breakdowns, mismatches, suspicious, notes } = report;
  const { first, second } = question.modalities;
  const groups = breakdowns.filter(({ rows }) => rows.length <= PRINTED_GROUPS);
  return [
    `${dataset}: alignment of ${first} (${sets.first.encoder}, ${sets.first.dimensions}) and ` +
      `${second} (${sets.second.encoder}, ${sets.second.dimensions})`,
    `${subjectOf(report)}\n`,
    print(retrievalRows(report)),
    '',
    print(geometryRows(report)),
    ...groups.flatMap((breakdown) => ['', print(breakdownRows(breakdown, report))]),
    ...(mismatches === undefined ? [] : [`\n${mismatches.sentence}`]),
    ...knownInWords(report),
    '\nThe pairs that look most wrong, worst first:\n',
    print(suspiciousRows({ ...report, suspicious: suspicious.slice(0, PRINTED) })),
    '',
    ...notes.map((note) => `• ${note}`),
  ].join('\n');
}

function knownInWords({ known }: AlignmentReport): string[] {
  if (known === undefined) return [];
  const cuts = known.precision.map(({ among, share }) => `${(100 * share).toFixed(0)} % of the first ${among}`);
  return [
    `\nOf the pairs, ${known.wrong} are known to be wrong. The ranking finds them with an average precision of ` +
      `${known.averagePrecision.toFixed(3)}: ${cuts.join(', ')}.`,
  ];
}

/** Sentences that stand in place of a number are wrapped below the table's line by the terminal. */
function print({ header, rows }: TextTable): string {
  return formatTable(
    header,
    rows,
    header.map((_, column) => column).filter((column) => column > 0),
  );
}
