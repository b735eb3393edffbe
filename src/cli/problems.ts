import { type Problem, ProblemKind, problemTitles, Severity, type SnapshotSummary } from '../protocol.ts';
import { formatTable } from './table.ts';
import { printable } from './text.ts';

/** Problems that are named unless all of them are asked for. */
export const SHOWN = 20;

/** How many problems of each kind, then the problems themselves; `command` names them all. */
export function problemSection(
  { problems: counts }: SnapshotSummary,
  shown: readonly Problem[],
  command: string,
): string {
  const kinds = ProblemKind.options.filter((kind) => counts[kind] !== undefined);
  if (kinds.length === 0) return 'No problems.';
  const rows = kinds.map((kind) => [kind, (counts[kind] ?? 0).toLocaleString('en'), problemTitles[kind]]);
  const hidden = kinds.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0) - shown.length;
  return [
    formatTable(['problems', 'number', 'in words'], rows, [1]),
    '',
    ...shown.map(({ severity, kind, sentence }) => `${severity} · ${kind} · ${printable(sentence)}`),
    ...(hidden > 0 ? [`… and ${hidden.toLocaleString('en')} more: \`${command}\` names them all.`] : []),
  ].join('\n');
}

/** True when the worst of the problems, which stands first, is at least so severe. */
export function reaches([worst]: readonly Problem[], severity: Severity): boolean {
  return worst !== undefined && Severity.options.indexOf(worst.severity) <= Severity.options.indexOf(severity);
}

export function countPairs({ pairs }: SnapshotSummary): number {
  return pairs.reduce((sum, { count }) => sum + count, 0);
}

export const NO_PAIRS =
  'No pairs were found. Correct "pairing" in the dataset file, or run `pairlab init --force` on its folder to have one proposed.';
