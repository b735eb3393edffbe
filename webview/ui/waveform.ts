import { shape } from './dom.ts';
import { type Waveform, waveformPath } from './waveformPath.ts';

/** The waveform as a drawing that fills its place. */
export function wave(waveform: Waveform, className: string): SVGSVGElement {
  return shape(
    'svg',
    {
      class: className,
      viewBox: `0 -1 ${Math.max(1, waveform.length)} 2`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    shape('path', { d: waveformPath(waveform) }),
  );
}
