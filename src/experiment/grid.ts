import { type Method, TransferMethod } from '../protocol.ts';
import type { ExperimentConfig } from './config.ts';

/** Methods that see no pair: one training of theirs serves every rate of pair noise and every number of pairs. */
const WITHOUT_PAIRS: ReadonlySet<Method> = new Set<Method>([
  'scratch',
  'source-only',
  'source-to-source',
  'oracle',
  'joint',
  'autoencoder',
  ...TransferMethod.options,
]);

/** A cell of an experiment's grid. Numbers of shots and rates of label noise are tested within it, after one training. */
export interface Cell {
  readonly method: Method;
  readonly seed: number;
  readonly pairNoise: number;
  readonly pairsPerClass?: number;
}

/** Method × pair noise × pairs per class × seed, in the order of the file. */
export function cellsOf(
  { seeds, pairNoise, pairsPerClass }: ExperimentConfig,
  methods: readonly Method[],
): readonly Cell[] {
  const limits = pairsPerClass?.map((most) => ({ pairsPerClass: most })) ?? [{}];
  return methods.flatMap((method) =>
    pairNoise.flatMap((noise) =>
      limits.flatMap((limit) => seeds.map((seed) => ({ method, seed, pairNoise: noise, ...limit }))),
    ),
  );
}

/** The cell whose run has the numbers of this one. */
export function trainedCell(cell: Cell): Cell {
  return WITHOUT_PAIRS.has(cell.method) ? { method: cell.method, seed: cell.seed, pairNoise: 0 } : cell;
}
