import type { AlignmentPageState } from '../../src/protocol.ts';
import { ask } from '../ui/host.ts';
import { message } from '../ui/message.ts';
import { button } from '../ui/toolkit.ts';
import { modalityPairName } from '../ui/words.ts';
import { modalityChoice, untrustedSentence } from './choice.ts';

type Empty = Extract<AlignmentPageState, { status: 'empty' }>;

/** Alignment is not computed yet: offers to, or says why not. */
export function drawEmpty({ question, choices, trusted }: Empty): Node[] {
  const sentence = trusted
    ? 'PairLab encodes both modalities, maps one onto the other and measures how well partners find each other. Nothing leaves this machine.'
    : untrustedSentence;
  const compute = () => ask({ ask: 'computeAlignment', question });
  const actions = [modalityChoice(question.modalities, choices)];
  if (trusted) actions.push(button({ id: 'compute', appearance: 'primary' }, compute, 'Compute'));
  const title = `Alignment of ${modalityPairName(question.modalities)}: not computed yet`;
  return [message('information', title, sentence, ...actions.filter((action) => action !== undefined))];
}
