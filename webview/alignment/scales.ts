import type { GeometryName, Retrieval, RetrievalName } from '../../src/protocol.ts';
import { decimal, percent, points, rank } from '../ui/numbers.ts';
import { largest } from './sentences.ts';

/** How a number is written, and how it fills its bar: both from 0 to 1 of what it can be. */
export interface Scale {
  readonly write: (value: number) => string;
  readonly fill: (value: number) => number;
  /** A difference of two such numbers, with its sign. */
  readonly writeDifference: (difference: number) => string;
}

const share: Scale = {
  write: (value) => percent(value),
  fill: (value) => value,
  writeDifference: (difference) => `${points(difference)} points`,
};

export function retrievalScale(name: RetrievalName, { candidates }: Retrieval): Scale {
  if (name === 'medianRank' || name === 'meanRank') {
    return {
      write: (value) => rank(Math.round(value * 10) / 10),
      fill: (value) => value / Math.max(1, candidates),
      writeDifference: (difference) => signed(difference, 1),
    };
  }
  return name.startsWith('recall') ? share : plain((value) => value);
}

export function geometryScale(name: GeometryName): Scale {
  // Uniformity goes from −8 (even) to 0 (collapsed): an empty bar is the collapse.
  return plain(name.startsWith('uniformity') ? (value) => -value / 8 : (value) => value / (largest[name] ?? 1));
}

function plain(fill: Scale['fill']): Scale {
  return { write: (value) => decimal(value), fill, writeDifference: (difference) => signed(difference, 3) };
}

function signed(difference: number, decimals: number): string {
  const text = decimal(difference, decimals);
  return difference > 0 && Number(text) !== 0 ? `+${text}` : text;
}
