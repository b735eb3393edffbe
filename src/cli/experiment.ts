import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../base/errors.ts';
import { writeAtomically } from '../base/files.ts';
import { loadDataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import { draftExperiment } from '../experiment/template.ts';
import { Modality, type ModalityPair, type PairRow } from '../protocol.ts';
import { operand, options } from './arguments.ts';
import type { Command } from './command.ts';

const Options = z.object({
  source: Modality.optional(),
  target: Modality.optional(),
  seeds: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'it takes whole numbers with commas between, such as 0,1,2')
    .default('0,1,2')
    .transform((list) => list.split(',').map(Number)),
  out: z.string().optional(),
  force: z.boolean().default(false),
});

const Result = z.object({
  written: z.string().describe('Absolute path of the experiment file'),
  source: Modality,
  target: Modality,
});

export const experimentCommand: Command = {
  name: 'experiment',
  summary: 'write a starter experiment file that fits an indexed dataset',
  operands: '[dataset file or folder]',
  options: {
    source: { type: 'string', value: 'modality', help: 'where labels are plentiful (default: the first that pairs)' },
    target: { type: 'string', value: 'modality', help: 'where labels are scarce (default: its partner)' },
    seeds: { type: 'string', value: 'list', help: 'a run per method and seed (default: 0,1,2)' },
    out: {
      type: 'string',
      value: 'file',
      help: 'the file to write (default: <dataset>.experiment.yaml beside the dataset)',
    },
    force: { type: 'boolean', help: 'replace an existing file' },
  },
  result: Result,
  run: async (args) => {
    const { source, target, seeds, out, force } = options(args, Options);
    const dataset = await loadDataset(operand(args, 'dataset file or folder', '.'));
    const written = resolve(out ?? join(dataset.workspace, `${dataset.name}.experiment.yaml`));
    if (existsSync(written) && !force)
      throw new InputError(`${written} exists. Give another --out, or --force to replace it.`);
    const snapshot = await Snapshot.open(dataset);
    try {
      const direction = chooseDirection(snapshot.summary.pairs, source, target);
      const pairs = await snapshot.pairs(direction.modalities);
      const file = relative(dirname(written), dataset.path).split('\\').join('/');
      await writeAtomically(
        written,
        draftExperiment({
          dataset: file,
          ...direction,
          itemsPerClass: targetItemsPerClass(pairs, direction.target),
          seeds,
        }),
      );
      const { source: from, target: to } = direction;
      return {
        json: { written, source: from, target: to },
        text: `Wrote ${written} (${from} → ${to}).\nNext: pairlab run ${JSON.stringify(written)}`,
      };
    } finally {
      snapshot.close();
    }
  },
};

function chooseDirection(
  paired: readonly (ModalityPair & { count: number })[],
  source: Modality | undefined,
  target: Modality | undefined,
): { source: Modality; target: Modality; modalities: ModalityPair } {
  for (const { first, second, count } of paired) {
    if (count === 0) continue;
    for (const [from, to] of [
      [first, second],
      [second, first],
    ] as const) {
      const fits = (source ?? from) === from && (target ?? to) === to;
      if (fits) return { source: from, target: to, modalities: { first, second } };
    }
  }
  const there = paired.filter(({ count }) => count > 0).map(({ first, second }) => `${first}–${second}`);
  throw new InputError(
    `The snapshot has no pairs of ${source ?? 'any modality'} with ${target ?? 'any modality'}; it pairs ${there.join(', ') || 'nothing'}.`,
  );
}

function targetItemsPerClass(pairs: readonly PairRow[], target: Modality): number[] {
  const items = new Map<string, Set<string>>();
  for (const pair of pairs) {
    if (pair.class === undefined) continue;
    const { item } = pair.first.modality === target ? pair.first : pair.second;
    const known = items.get(pair.class) ?? new Set();
    items.set(pair.class, known.add(item));
  }
  return [...items.values()].map((known) => known.size);
}
