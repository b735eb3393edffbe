import type { Problem, Severity } from '../../src/protocol.ts';
import { element, spoken } from '../ui/dom.ts';
import { icon } from '../ui/icons.ts';
import { capitalised } from '../ui/words.ts';

const spokenSeverity: Record<Severity, string> = {
  error: 'Error: ',
  warning: 'Warning: ',
  information: 'Information: ',
};

export function drawProblem({ kind, severity, where, sentence }: Problem): HTMLLIElement {
  return element(
    'li',
    {},
    icon(severity),
    element(
      'div',
      {},
      element('p', {}, spoken(spokenSeverity[severity]), sentence),
      element('p', { class: 'muted' }, `${capitalised(kind.replaceAll('-', ' '))} · ${where}`),
    ),
  );
}
