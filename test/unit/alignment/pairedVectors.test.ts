import { describe, expect, it } from 'vitest';
import { pairVectors, swapped } from '../../../src/alignment/pairedVectors.ts';
import { rowOf, sharedZeros } from '../../../src/base/matrix.ts';
import type { EmbeddingSet } from '../../../src/embedding/embeddingSet.ts';
import type { PairRow } from '../../../src/protocol.ts';

function setOf(modality: 'image' | 'text', vectors: Readonly<Record<string, readonly [number, number]>>): EmbeddingSet {
  const ids = Object.keys(vectors);
  const { data } = sharedZeros(ids.length, 2);
  data.set(Object.values(vectors).flat());
  const about = { encoder: 'made', version: 1, contents: '', created: '', fitted: { items: 0 }, unreadable: [] };
  return { ...about, modality, dimensions: 2, ids, vectors: data };
}

function pair(first: string, second: string): PairRow {
  return {
    id: `${first} ${second}`,
    key: first,
    first: { modality: 'image', item: first },
    second: { modality: 'text', item: second },
    strength: 'strong',
    problems: 0,
    excluded: false,
  };
}

describe('pairVectors', () => {
  const images = () => setOf('image', { a: [1, 2], unpaired: [3, 4], broken: [Number.NaN, 5], b: [6, 7] });
  const texts = () => setOf('text', { x: [10, 11], y: [12, 13], z: [14, 15] });

  it('gives every pair the vectors of its items, and leaves out those without one', () => {
    const pairs = [pair('b', 'x'), pair('broken', 'y'), pair('a', 'z'), pair('nowhere', 'x'), pair('b', 'z')];
    const { missing, ...data } = pairVectors(pairs, images(), texts());
    expect(missing).toBe(2);
    expect(data.pairs.map(({ id }) => id)).toEqual(['b x', 'a z', 'b z']);
    const vectorsOf = ({ first, firstOf }: typeof data) => [...firstOf].map((row) => [...rowOf(first, row)]);
    expect(vectorsOf(data)).toEqual([
      [6, 7],
      [1, 2],
      [6, 7],
    ]);
    expect([...swapped(data).firstOf].map((row) => [...rowOf(swapped(data).first, row)])).toEqual([
      [10, 11],
      [14, 15],
      [14, 15],
    ]);
  });

  it('has one row for each item of a pair, in the memory of the set', () => {
    const [first, second] = [images(), texts()];
    const data = pairVectors([pair('a', 'x'), pair('b', 'x')], first, second);
    expect([data.first.rows, data.second.rows]).toEqual([2, 1]);
    expect(data.first.data.buffer).toBe(first.vectors.buffer);
  });
});
