import type { DecisionAsk, PairDetail } from '../../src/protocol.ts';

/** Something that can be decided about a pair. */
export interface Choice {
  readonly what: DecisionAsk;
  readonly text: string;
  readonly key: string;
}

/** What can be decided about the pair now, in the order of the buttons. */
export function choicesFor({ pair, items }: PairDetail): Choice[] {
  const hasText = items.some(({ modality }) => modality === 'text');
  return [
    pair.excluded ? { what: 'include', text: 'Include', key: 'i' } : { what: 'exclude', text: 'Exclude', key: 'x' },
    pair.strength === 'strong'
      ? { what: 'weak', text: 'Mark as weak', key: 'w' }
      : { what: 'strong', text: 'Mark as strong', key: 's' },
    { what: 'class', text: 'Correct class…', key: 'c' },
    ...(hasText ? [{ what: 'text', text: 'Correct caption…', key: 't' } as const] : []),
    { what: 'note', text: 'Add note…', key: 'n' },
  ];
}

/** What the menus of the editor go by, when the user opens one on the page. */
export function menuContext({ pair, items }: PairDetail): string {
  return JSON.stringify({
    webviewSection: 'pair',
    preventDefaultContextMenuItems: true,
    pairExcluded: pair.excluded,
    pairStrength: pair.strength,
    pairText: items.some(({ modality }) => modality === 'text'),
  });
}
