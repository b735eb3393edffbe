import type { AlignmentPageState, AlignmentReport, StoredReport } from '../../src/protocol.ts';
import { ask } from '../ui/host.ts';
import { plural } from '../ui/numbers.ts';
import { dropdown } from '../ui/toolkit.ts';

type Ready = Extract<AlignmentPageState, { status: 'ready' }>;

/** Shows another stored report; nothing where there is only one. */
export function reportChoice({ report, stored }: Ready): HTMLElement | undefined {
  if (stored.length < 2) return undefined;
  const list = stored.map((one) => ({ text: nameOf(one), selected: one.id === report.id }));
  return dropdown('report', 'Report', list, (index) => {
    const chosen = stored[index];
    if (chosen !== undefined) ask({ ask: 'showReport', report: chosen.id });
  });
}

/** Puts another stored report beside this one; nothing where there is none. */
export function compareChoice({ report, other, stored }: Ready): HTMLElement | undefined {
  const others = stored.filter(({ id }) => id !== report.id);
  if (others.length === 0) return undefined;
  const list = others.map((one) => ({ text: `Compare: ${nameOf(one)}`, selected: one.id === other?.id }));
  return dropdown(
    'compare',
    'Compare with',
    [{ text: 'Compare with…', selected: other === undefined }, ...list],
    (index) => {
      const chosen = others[index - 1];
      ask(chosen === undefined ? { ask: 'compareReport' } : { ask: 'compareReport', report: chosen.id });
    },
  );
}

export function nameOfReport(report: AlignmentReport): string {
  const { first, second } = report.sets;
  return nameOf({ ...report, encoders: { first: first.encoder, second: second.encoder }, current: true });
}

/** What tells stored reports apart: when, how, of how many pairs, by which encoders. */
function nameOf({ created, comparison, pairs, encoders, current }: Omit<StoredReport, 'id' | 'question'>): string {
  const when = new Date(created).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' });
  const how = comparison.space === 'shared' ? 'shared space' : comparison.map;
  const parts = [when, how, plural(pairs, 'pair'), `${encoders.first} / ${encoders.second}`];
  return `${parts.join(', ')}${current ? '' : ' (older data)'}`;
}
