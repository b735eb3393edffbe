import { element, shape, spoken } from '../dom.ts';
import { count, decimal } from '../numbers.ts';
import { css, type Rgb } from '../rgb.ts';
import { categoryColours, rampColour } from './palette.ts';
import type { Scene } from './scene.ts';
import type { Theme } from './theme.ts';

/** Stops of the drawn ramp. */
const stops = 9;

const outlines = { circle: 'M7 2.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 0 0 0-9.6z', diamond: 'M7 1L13 7L7 13L1 7z' };

/** What shapes and colours mean. Modalities and categories can be hidden; `changed` is called when one was. */
export function legend(scene: Scene, theme: Theme, changed: () => void): HTMLElement {
  return element(
    'div',
    { class: 'map-legend' },
    kindEntries(scene, theme, changed),
    colourEntries(scene, theme, changed),
  );
}

function kindEntries(scene: Scene, theme: Theme, changed: () => void): HTMLElement {
  const counts = tally(scene.data.kind, 2);
  const coloured = scene.colouring.kind === 'modality';
  return group(
    'Modality',
    ([0, 1] as const).map((kind) =>
      toggle(
        swatch(kind === 0 ? 'circle' : 'diamond', coloured ? theme.kinds[kind] : undefined),
        scene.data.names[kind],
        counts[kind] ?? 0,
        !scene.isKindHidden(kind),
        (shown) => {
          scene.hideKind(kind, !shown);
          changed();
        },
      ),
    ),
  );
}

function colourEntries(scene: Scene, theme: Theme, changed: () => void): HTMLElement | undefined {
  const { colouring } = scene;
  if (colouring.kind === 'modality') return undefined;
  if (colouring.kind === 'number') return ramp(colouring.label, colouring.low, colouring.high, theme);
  const counts = tally(colouring.values, colouring.names.length);
  const colours = categoryColours(colouring.names.length, theme.background, theme.foreground);
  return group(
    colouring.label,
    colouring.names.map((name, category) =>
      toggle(
        swatch('circle', colours[category]),
        name,
        counts[category] ?? 0,
        !scene.isCategoryHidden(category),
        (shown) => {
          scene.hideCategory(category, !shown);
          changed();
        },
      ),
    ),
  );
}

function group(title: string, entries: HTMLElement[]): HTMLElement {
  return element(
    'fieldset',
    {},
    element('legend', {}, title, spoken(': clear a box to hide')),
    element('div', { class: 'map-legend-entries' }, ...entries),
  );
}

function toggle(
  sign: SVGElement,
  name: string,
  points: number,
  shown: boolean,
  choose: (shown: boolean) => void,
): HTMLElement {
  const box = element('input', { type: 'checkbox', class: 'spoken', checked: shown });
  box.addEventListener('change', () => choose(box.checked));
  return element(
    'label',
    { title: name },
    box,
    sign,
    element('bdi', { class: 'map-legend-name' }, name),
    element('span', { class: 'map-legend-count muted' }, count(points)),
  );
}

/** The shape of a point; its outline alone where its colour means something else. */
function swatch(form: keyof typeof outlines, colour: Rgb | undefined): SVGElement {
  const path = shape('path', { d: outlines[form], fill: colour ? css(colour) : 'none', class: colour && 'filled' });
  return shape('svg', { viewBox: '0 0 14 14', class: 'map-swatch', 'aria-hidden': 'true' }, path);
}

function ramp(label: string, low: number, high: number, theme: Theme): HTMLElement {
  const colours = Array.from({ length: stops }, (_, stop) => css(rampColour(stop / (stops - 1), theme.background)));
  const bar = element('div', { class: 'map-ramp', 'aria-hidden': 'true' });
  bar.style.setProperty('--ramp', `linear-gradient(to right, ${colours.join(', ')})`);
  const ends = element(
    'div',
    { class: 'map-ramp-ends' },
    element('span', {}, decimal(low, 2)),
    spoken(' to '),
    element('span', {}, decimal(high, 2)),
  );
  return element('fieldset', {}, element('legend', {}, label), bar, ends);
}

function tally(values: Uint8Array | Uint16Array, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
