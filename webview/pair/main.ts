import './pair.css';

import { Frame } from '../ui/frame.ts';
import { onState } from '../ui/host.ts';
import { plural } from '../ui/numbers.ts';
import { drawPair } from './page.ts';

const frame = new Frame();

onState('pair', (state) => {
  switch (state.status) {
    case 'loading':
      return frame.loading(state);
    case 'failed':
      return frame.failed(state.sentence);
    case 'ready': {
      const { pair, problems } = state.detail;
      const announcement = `Pair ${pair.key}, ${plural(problems.length, 'problem')}`;
      return frame.show(announcement, (signal) => drawPair(state.dataset, state.detail, signal));
    }
  }
});
