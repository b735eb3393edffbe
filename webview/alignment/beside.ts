import type { AlignmentReport } from '../../src/protocol.ts';
import { type Child, element } from '../ui/dom.ts';
import { nameOfReport } from './stored.ts';

/** What the report that is shown and the other beside it are called for short. */
export const letters = ['A', 'B'] as const;

/** The same of one or two reports: next to each other where there is room, each under its name. */
export function besideEachOther(
  reports: readonly AlignmentReport[],
  draw: (report: AlignmentReport, index: number) => readonly Child[],
): HTMLElement {
  const columns = reports.map((report, index) =>
    element(
      'div',
      { class: 'side', role: 'group', 'aria-label': letters[index] },
      element('p', {}, element('strong', {}, letters[index]), ` ${nameOfReport(report)}`),
      ...draw(report, index),
    ),
  );
  return element('div', { class: 'beside' }, ...columns);
}
