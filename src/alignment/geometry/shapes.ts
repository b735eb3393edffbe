import type { Matrix } from '../../base/matrix.ts';
import type { GeometryName, Measured } from '../../protocol.ts';
import { cca } from '../metrics/cca.ts';
import { knowledgeDiscrepancy } from '../metrics/knowledgeDiscrepancy.ts';
import { isMeasured } from '../metrics/measured.ts';
import { procrustes } from '../metrics/procrustes.ts';
import { rbfCka } from '../metrics/rbfCka.ts';
import { separability } from '../metrics/separability.ts';
import { fitSourcePredictor } from '../metrics/sourcePredictor.ts';

/** A sample of pairs: rows that belong together in all four matrices. */
export interface ShapeInput {
  /** The sets as they are, along their leading principal components. */
  readonly first: Matrix;
  readonly second: Matrix;
  /** Both in one space. */
  readonly mappedFirst: Matrix;
  readonly mappedSecond: Matrix;
  readonly classes: readonly (string | undefined)[];
  readonly seed: number;
}

export type Found = Partial<Record<GeometryName, Measured>>;

/** One measure after the other, each for a thread of its own: none of them can be cut in pieces. */
const SHAPES: readonly ((input: ShapeInput) => Found)[] = [canonical, rotation, kernel, cut, knowledge, knowledgeBack];

export const SHAPE_COUNT = SHAPES.length;

/** What these `units` of the measures give. */
export function measureShapes(input: ShapeInput, units: Iterable<number>): Found {
  let found: Found = {};
  for (const unit of units) found = { ...found, ...SHAPES[unit]?.(input) };
  return found;
}

function canonical({ first, second, seed }: ShapeInput): Found {
  const result = cca(first, second, seed);
  if (!isMeasured(result)) {
    const missing = { missing: result.reason };
    return { svcca: missing, pwccaForward: missing, pwccaBackward: missing };
  }
  const { svcca, pwcca } = result;
  return {
    svcca: { value: svcca.value, chance: svcca.chance, better: 'higher' },
    pwccaForward: { value: pwcca.forward.value, chance: pwcca.forward.chance, better: 'higher' },
    pwccaBackward: { value: pwcca.backward.value, chance: pwcca.backward.chance, better: 'higher' },
  };
}

function rotation({ first, second, seed }: ShapeInput): Found {
  const result = procrustes(first, second, seed);
  if (!isMeasured(result)) return { procrustes: { missing: result.reason } };
  return { procrustes: { value: result.value, chance: result.chance, better: 'lower' } };
}

function kernel({ first, second }: ShapeInput): Found {
  const result = rbfCka(first, second);
  if (!isMeasured(result)) return { rbfCka: { missing: result.reason } };
  return { rbfCka: { value: result.value, chance: result.chance, better: 'higher' } };
}

function cut({ mappedFirst, mappedSecond, seed }: ShapeInput): Found {
  const result = separability(mappedFirst, mappedSecond, seed);
  if (!isMeasured(result)) return { separability: { missing: result.reason } };
  return { separability: { value: result.accuracy, chance: result.chance, better: 'lower' } };
}

function knowledge({ mappedFirst, mappedSecond, classes, seed }: ShapeInput): Found {
  return { knowledgeDiscrepancyForward: discrepancy(mappedFirst, mappedSecond, classes, seed) };
}

function knowledgeBack({ mappedFirst, mappedSecond, classes, seed }: ShapeInput): Found {
  return { knowledgeDiscrepancyBackward: discrepancy(mappedSecond, mappedFirst, classes, seed) };
}

function discrepancy(source: Matrix, target: Matrix, classes: ShapeInput['classes'], seed: number): Measured {
  const predictor = fitSourcePredictor(source, classes);
  if (!isMeasured(predictor)) return { missing: predictor.reason };
  const result = knowledgeDiscrepancy(predictor.predict(target), predictor.classes, classes, seed);
  if (!isMeasured(result)) return { missing: result.reason };
  return { value: result.value, chance: result.chance, better: 'lower' };
}
