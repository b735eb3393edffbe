import type { AlignmentReport, Measured, Retrieval } from '../../src/protocol.ts';
import { count, plural } from '../ui/numbers.ts';
import type { Scale } from './scales.ts';

export interface Difference {
  /** A − B, with its sign. */
  readonly text: string;
  /** Which is better, and whether it may be chance; empty where neither is. */
  readonly verdict: string;
}

/** How the number of report A differs from that of report B; nothing where one of them is missing. */
export function differenceOf(a: Measured | undefined, b: Measured | undefined, scale: Scale): Difference | undefined {
  if (a === undefined || b === undefined || 'missing' in a || 'missing' in b) return undefined;
  const difference = a.value - b.value;
  const text = scale.writeDifference(difference);
  if (a.better === 'neither' || scale.write(a.value) === scale.write(b.value)) return { text, verdict: '' };
  const better = (a.better === 'higher') === difference > 0 ? 'A is better' : 'B is better';
  return { text, verdict: overlap(a.interval, b.interval) ? `${better}; the intervals overlap` : better };
}

/** What keeps the numbers of two reports from being compared as they are, in sentences. */
export function cautions(a: AlignmentReport, b: AlignmentReport): string[] {
  const sentences: string[] = [];
  if (a.relevance !== b.relevance) {
    const partner = a.relevance === 'instance' ? ['A', 'B'] : ['B', 'A'];
    sentences.push(`In ${partner[0]} a match is the very partner, in ${partner[1]} any item of the class.`);
  }
  if (differ(a.forward, b.forward) || differ(a.backward, b.backward)) {
    sentences.push(
      `Items are ranked among ${candidates(a)} candidates in A and ${candidates(b)} in B: read recall and ranks against chance, not against each other.`,
    );
  }
  if (a.pairs !== b.pairs) {
    sentences.push(
      `A is of ${plural(a.pairs, 'pair')}, B of ${count(b.pairs)}: of the likenesses, only debiased CKA does not depend on that.`,
    );
  }
  if (a.data !== b.data) sentences.push('The data have changed between the two reports.');
  return sentences;
}

function overlap(a: readonly [number, number] | undefined, b: readonly [number, number] | undefined): boolean {
  return a !== undefined && b !== undefined && a[0] <= b[1] && b[0] <= a[1];
}

function differ(a: Retrieval | undefined, b: Retrieval | undefined): boolean {
  return a !== undefined && b !== undefined && a.candidates !== b.candidates;
}

function candidates({ forward, backward }: AlignmentReport): string {
  const both = [forward, backward].flatMap((way) => (way === undefined ? [] : [count(way.candidates)]));
  return [...new Set(both)].join(' and ');
}
