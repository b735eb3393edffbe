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
      const words = [`Pair ${pair.key}`, pair.excluded ? 'excluded' : '', plural(problems.length, 'problem')];
      const announcement = words.filter((word) => word !== '').join(', ');
      return frame.show(announcement, (signal) => drawPair(state, signal));
    }
  }
});
