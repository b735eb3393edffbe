import './alignment.css';

import { Frame } from '../ui/frame.ts';
import { onState } from '../ui/host.ts';
import { modalityPairName } from '../ui/words.ts';
import { drawEmpty } from './empty.ts';
import { drawReport } from './page.ts';

const frame = new Frame();

onState('alignment', (state) => {
  switch (state.status) {
    case 'loading':
      return frame.loading(state);
    case 'failed':
      return frame.failed(state.sentence);
    case 'empty':
      return frame.show(`No alignment of ${modalityPairName(state.modalities)} yet`, () => drawEmpty(state));
    case 'ready':
      return frame.show(`Alignment of ${modalityPairName(state.report.modalities)}`, () => drawReport(state));
  }
});
