import type { ModalityPair } from '../../src/protocol.ts';
import { ask } from '../ui/host.ts';
import { dropdown } from '../ui/toolkit.ts';
import { modalityPairName } from '../ui/words.ts';

/** Chooses the two modalities to compare; nothing where there is no choice. */
export function modalityChoice(chosen: ModalityPair, choices: readonly ModalityPair[]): HTMLElement | undefined {
  if (choices.length < 2) return undefined;
  const list = choices.map((pair) => ({
    text: modalityPairName(pair),
    selected: pair.first === chosen.first && pair.second === chosen.second,
  }));
  return dropdown('modalities', 'Modalities', list, (index) => {
    const modalities = choices[index];
    if (modalities !== undefined) ask({ ask: 'showAlignment', modalities });
  });
}

export const untrustedSentence =
  'This workspace is in Restricted Mode, where PairLab computes nothing. Trust the workspace to compute alignment.';
