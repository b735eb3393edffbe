import './runs.css';

import { Frame } from '../ui/frame.ts';
import { onState } from '../ui/host.ts';
import { drawReport } from './page.ts';

const frame = new Frame();

onState('runs', (state) => {
  switch (state.status) {
    case 'loading':
      return frame.loading(state);
    case 'failed':
      return frame.failed(state.sentence);
    case 'ready':
      return frame.show(`Report of ${state.view.report.name}`, () => drawReport(state.view));
  }
});
