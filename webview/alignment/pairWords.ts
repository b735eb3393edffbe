import type { AlignmentReport, ItemDetail, PairDetail, ScoredPair } from '../../src/protocol.ts';
import { count, decimal, percent, plural, progressPercent } from '../ui/numbers.ts';

/** How a pair stands among the others. `word` says what the probability means. */
export function standing({ mismatch, margin, rankForward, rankBackward }: ScoredPair, word: string): string {
  return `${percent(mismatch)} ${word} · margin ${decimal(margin)} · ranks ${count(rankForward)} → and ${count(rankBackward)} ←`;
}

/** What the pair is said to be: its class and its split. */
export function labels({ class: concept, split }: ScoredPair): string {
  return [concept, split].filter(Boolean).join(' · ');
}

/** That the neighbours of a pair are of other classes than it is, where most of them are. */
export function disagreement({ class: concept, classAgreement }: ScoredPair): string | undefined {
  if (concept === undefined || classAgreement === undefined || classAgreement >= 0.5) return undefined;
  if (classAgreement === 0) return `None of its neighbours is of class ${concept}`;
  return `Only ${progressPercent(classAgreement)} of its neighbours are of class ${concept}`;
}

/** What was decided about a pair. */
export function marks({ pair }: PairDetail): string {
  const list = [pair.excluded ? 'excluded' : '', pair.strength === 'weak' ? 'weak' : '', pair.note ?? ''];
  return list.filter((mark) => mark !== '').join(' · ');
}

/** All of it, for a screen reader that comes to the row. */
export function rowLabel(scored: ScoredPair, detail: PairDetail | undefined, word: string): string {
  const decided = detail === undefined ? 'not part of the dataset any more' : marks(detail);
  const parts = [scored.key, labels(scored), decided, standing(scored, word), disagreement(scored) ?? ''];
  return parts.filter((part) => part !== '').join(', ');
}

/** How well the ranking finds the pairs that are known to be wrong, and what an order by chance would give. */
export function knownSentence(
  { wrong, averagePrecision }: NonNullable<AlignmentReport['known']>,
  pairs: number,
): string {
  const found = `the ranking finds ${wrong === 1 ? 'it' : 'them'} with an average precision of ${decimal(averagePrecision)}`;
  return `${plural(wrong, 'pair is', 'pairs are')} known to be wrong: ${found} (chance ${decimal(wrong / pairs)}).`;
}

/** What stands for a waveform where nobody sees it. */
export function soundLabel({ facts }: Pick<ItemDetail, 'facts'>): string {
  const duration = facts.find(({ label }) => label === 'Duration')?.value;
  return duration === undefined ? 'Sound' : `Sound, ${duration}`;
}
