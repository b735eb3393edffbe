import { shape } from './dom.ts';

/** Outlines on a 16 × 16 grid, in the style of the editor's own icons. */
const outlines = {
  error: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z M5.5 5.5l5 5 M10.5 5.5l-5 5',
  warning: 'M8 2L14.5 13.5h-13z M8 6.5v3.5 M8 11.4v.6',
  information: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z M8 7v4.5 M8 4.4v.6',
  question: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z M6.1 6.2a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.8.7-.8 1.3 M8 11.4v.2',
  previous: 'M10 3L5 8l5 5',
  next: 'M6 3l5 5l-5 5',
  file: 'M3.5 1.5h6l3 3v10h-9z M9.5 1.5v3h3',
  play: 'M4.5 2.5v11l8.5-5.5z',
  pause: 'M5 3v10 M11 3v10',
  image: 'M1.5 2.5h13v11h-13z M1.5 11l4-4l3 3l2-2l4 4 M10.5 5.5v.01',
  audio: 'M2 6.5v3 M5 4v8 M8 1.5v13 M11 4v8 M14 6.5v3',
  text: 'M2 3.5h12 M2 6.5h12 M2 9.5h12 M2 12.5h7',
  excluded: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z M3.5 3.5l9 9',
  queued: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z M8 4.5V8l2.5 1.5',
  running: 'M8 1.5a6.5 6.5 0 1 1-6.5 6.5',
  finished: 'M2.5 8.5l3.5 3.5l7.5-8',
  stopped: 'M3.5 3.5h9v9h-9z',
  above: 'M8 13.5v-11 M3.5 7l4.5-4.5L12.5 7',
  plus: 'M8 3v10 M3 8h10',
  minus: 'M3 8h10',
  whole: 'M2.5 5.5v-3h3 M10.5 2.5h3v3 M13.5 10.5v3h-3 M5.5 13.5h-3v-3',
  lasso:
    'M8 2.5c3.3 0 6 1.6 6 3.8s-2.7 3.8-6 3.8s-6-1.6-6-3.8s2.7-3.8 6-3.8z M4.2 9.3a1.6 1.6 0 1 0 .6 2.6 M4.8 11.9c.3 1 .1 1.8-.6 2.4',
  below: 'M8 2.5v11 M3.5 9l4.5 4.5L12.5 9',
} as const;

export type IconName = keyof typeof outlines;

/** A picture that only repeats what the text beside it says: hidden from screen readers. */
export function icon(name: IconName): SVGSVGElement {
  return shape(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    shape('path', { d: outlines[name] }),
  );
}
