import { dirname, join, relative, resolve } from 'node:path';
import { InputError } from '../base/errors.ts';
import { exists, writeAtomically } from '../base/files.ts';
import { type Dataset, loadDataset } from '../dataset/config.ts';
import { Snapshot } from '../dataset/snapshot.ts';
import type { Modality, ModalityPair, PairRow } from '../protocol.ts';
import { draftExperiment } from './template.ts';

export interface StarterOptions {
  readonly source?: Modality | undefined;
  readonly target?: Modality | undefined;
  readonly seeds?: readonly number[];
  /** Where to write; default: `<source>-<target>.experiment.yaml` beside the dataset file. */
  readonly out?: string | undefined;
  /** What to do when the file is there already. */
  readonly existing: 'refuse' | 'replace' | 'keep';
}

export interface Starter {
  /** Absolute path of the experiment file. */
  readonly written: string;
  readonly source: Modality;
  readonly target: Modality;
}

interface Direction {
  readonly source: Modality;
  readonly target: Modality;
  readonly modalities: ModalityPair;
}

/**
 * Writes an experiment file whose tasks the newest snapshot of a dataset can fill.
 * @throws InputError when the dataset is not indexed, has no such pairs or too few classes, or the file is there.
 */
export async function writeStarterExperiment(datasetPath: string, options: StarterOptions): Promise<Starter> {
  const dataset = await loadDataset(datasetPath);
  const snapshot = await Snapshot.open(dataset);
  try {
    const direction = chooseDirection(snapshot.summary.pairs, options);
    const { source, target } = direction;
    const written = resolve(options.out ?? join(dataset.workspace, `${source}-${target}.experiment.yaml`));
    if (options.existing !== 'replace' && (await exists(written))) {
      if (options.existing === 'keep') return { written, source, target };
      throw new InputError(`${written} exists. Give another --out, or --force to replace it.`);
    }
    await writeAtomically(written, await draft(snapshot, dataset, direction, written, options.seeds ?? [0, 1, 2]));
    return { written, source, target };
  } finally {
    snapshot.close();
  }
}

async function draft(
  snapshot: Snapshot,
  dataset: Dataset,
  { source, target, modalities }: Direction,
  written: string,
  seeds: readonly number[],
): Promise<string> {
  const itemsPerClass = targetItemsPerClass(await snapshot.pairs(modalities), target);
  const file = relative(dirname(written), dataset.path).split('\\').join('/');
  return draftExperiment({ dataset: file, source, target, itemsPerClass, seeds });
}

function chooseDirection(
  paired: readonly (ModalityPair & { readonly count: number })[],
  { source, target }: StarterOptions,
): Direction {
  for (const { first, second, count } of paired) {
    if (count === 0) continue;
    for (const [from, to] of [[first, second] as const, [second, first] as const]) {
      const fits = (source ?? from) === from && (target ?? to) === to;
      if (fits) return { source: from, target: to, modalities: { first, second } };
    }
  }
  const there = paired.filter(({ count }) => count > 0).map(({ first, second }) => `${first} with ${second}`);
  const wanted = `${source ?? 'any modality'} with ${target ?? 'any modality'}`;
  throw new InputError(`The snapshot has no pairs of ${wanted}; it pairs ${there.join(', ') || 'nothing'}.`);
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
