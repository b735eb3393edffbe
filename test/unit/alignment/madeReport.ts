import { AlignmentReport } from '../../../src/protocol.ts';

/** A report without numbers, but for what is given. */
export function report(parts: Partial<AlignmentReport> = {}): AlignmentReport {
  const set = {
    encoder: 'e',
    dimensions: 2,
    rows: 3,
    notFinite: 0,
    zero: 0,
    duplicates: 0,
    norms: { minimum: 1, median: 1, maximum: 1 },
    effectiveRank: 2,
  };
  return AlignmentReport.parse({
    id: 'r',
    dataset: 'd',
    data: 'x',
    created: '2026-01-01T00:00:00.000Z',
    complete: true,
    question: { modalities: { first: 'image', second: 'audio' } },
    comparison: { space: 'shared' },
    sets: { first: set, second: set },
    pairs: 3,
    strength: 'strong',
    relevance: 'instance',
    folds: 0,
    geometry: {},
    breakdowns: [],
    suspicious: [],
    notes: [],
    ...parts,
  });
}
