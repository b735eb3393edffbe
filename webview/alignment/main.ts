import './alignment.css';

import type { AlignmentView } from '../../src/protocol.ts';
import { Frame } from '../ui/frame.ts';
import { keepView, onState } from '../ui/host.ts';
import { modalityPairName } from '../ui/words.ts';
import { drawEmpty } from './empty.ts';
import { drawReport, type Ready } from './page.ts';
import type { Viewing } from './viewing.ts';

const frame = new Frame({ usable: true });
/** How the person has it now; the editor's word counts until they change something. */
let view: AlignmentView | undefined;

onState('alignment', (state) => {
  switch (state.status) {
    case 'loading':
      return frame.loading(state);
    case 'failed':
      return frame.failed(state.sentence);
    case 'empty':
      return frame.show(`No alignment of ${modalityPairName(state.question.modalities)} yet`, () => drawEmpty(state));
    case 'ready':
      return show(state);
  }
});

function show(state: Ready): void {
  const viewing: Viewing = {
    now: () => view ?? state.view,
    keep: (part) => {
      view = { ...(view ?? state.view), ...part };
      keepView(view);
    },
    change: (part) => {
      viewing.keep(part);
      show(state);
    },
  };
  const announcement = `Alignment of ${modalityPairName(state.report.question.modalities)}`;
  frame.show(announcement, () => drawReport(state, viewing));
}
