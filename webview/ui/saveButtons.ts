import { type Chart, pngOfChart } from './charts/chart.ts';
import { svgText } from './charts/svgText.ts';
import { element } from './dom.ts';
import { ask } from './host.ts';
import { button } from './toolkit.ts';

/** What can be saved as a picture. */
export interface Picture {
  toSvg(): string;
  /** Fails with a sentence. */
  toPng(): Promise<Blob>;
}

/** Buttons that save a picture. `name` begins the file's name, `title` says what it is: `rank histogram`. */
export function saveButtons(name: string, title: string, picture: Picture): HTMLElement {
  const problem = element('span', { class: 'muted', role: 'status' });
  const save = async (format: 'svg' | 'png', bytes: () => Promise<Uint8Array>): Promise<void> => {
    try {
      problem.textContent = '';
      ask({ ask: 'saveFigure', name, format, bytes: inBase64(await bytes()) });
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const svg = async () => new TextEncoder().encode(picture.toSvg());
  const png = async () => new Uint8Array(await (await picture.toPng()).arrayBuffer());
  return element(
    'div',
    { class: 'save-buttons', role: 'group', 'aria-label': `Save the ${title}` },
    button({ id: `save-${name}-svg`, label: `Save as SVG: ${title}` }, () => void save('svg', svg), 'Save as SVG'),
    button({ id: `save-${name}-png`, label: `Save as PNG: ${title}` }, () => void save('png', png), 'Save as PNG'),
    problem,
  );
}

/** A chart with buttons that save it. */
export function savable(name: string, title: string, chart: Chart): HTMLElement {
  const picture = { toSvg: () => svgText(chart.drawing), toPng: () => pngOfChart(chart) };
  chart.element.append(saveButtons(name, title, picture));
  return chart.element;
}

function inBase64(bytes: Uint8Array): string {
  let text = '';
  // Not in one call: a function takes only so many arguments.
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
