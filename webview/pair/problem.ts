import type { Problem, Severity } from '../../src/protocol.ts';
import { element, spoken } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { button } from '../ui/toolkit.ts';
import { capitalised } from '../ui/words.ts';

const spokenSeverity: Record<Severity, string> = {
  error: 'Error: ',
  warning: 'Warning: ',
  information: 'Information: ',
};

/** A problem with what is wrong, and a button for its fix. `index` is its place in the list of the page. */
export function drawProblem(problem: Problem, index: number, trusted: boolean): HTMLLIElement {
  const { kind, severity, where, sentence, fix } = problem;
  return element(
    'li',
    {},
    icon(severity),
    element(
      'div',
      {},
      element('p', {}, spoken(spokenSeverity[severity]), sentence),
      element('p', { class: 'muted' }, `${capitalised(kind.replaceAll('-', ' '))} · ${where}`),
      fix &&
        button({ id: `fix-${index}`, disabled: !trusted }, () => ask({ ask: 'applyFix', problem: index }), fix.title),
    ),
  );
}
