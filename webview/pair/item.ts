import type { ItemDetail } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { ask } from '../ui/host.ts';
import { icon } from '../ui/icons.ts';
import { facts } from '../ui/section.ts';
import { button } from '../ui/toolkit.ts';
import { capitalised, fileName } from '../ui/words.ts';
import { drawPicture } from './picture.ts';
import { drawSound } from './sound.ts';

/** One item of a pair: what it holds, as the modality shows it, and its facts. */
export function drawItem(item: ItemDetail, key: string, signal: AbortSignal): HTMLElement {
  const name = fileName(item.path);
  const heading = `item-${item.modality}`;
  return element(
    'section',
    { class: 'item', 'aria-labelledby': heading },
    element(
      'header',
      { class: 'item-header' },
      icon(item.modality),
      element('h2', { id: heading }, capitalised(item.modality)),
      element('span', { class: 'item-file muted', title: item.path }, name),
      button(
        { id: `open-${item.modality}`, appearance: 'icon', label: `Open file ${name}`, tooltip: 'Open file' },
        () => ask({ ask: 'openItem', item: item.id }),
        icon('file'),
        'Open file',
      ),
    ),
    element('div', { class: `item-body item-${item.modality}` }, drawContent(item, key, signal)),
    facts(item.facts),
  );
}

function drawContent(item: ItemDetail, key: string, signal: AbortSignal): HTMLElement {
  if (item.error !== undefined) return unshowable(item.error);
  if (item.modality === 'text' && item.text !== undefined) return drawText(item.text);
  if (item.modality === 'image' && item.uri !== undefined) return drawPicture(item.uri, `Picture of the pair ${key}`);
  if (item.modality === 'audio' && item.uri !== undefined) return drawSound(item.uri, item.waveform ?? [], signal);
  return unshowable('There is nothing to show here. Open the file to see it.');
}

/** The whole text, in its own direction, to read, scroll and copy. */
function drawText(text: string): HTMLElement {
  return element('div', { class: 'text', dir: 'auto', tabindex: 0, role: 'group', 'aria-label': 'Text' }, text);
}

export function unshowable(sentence: string): HTMLElement {
  return element('p', { class: 'unshowable' }, icon('warning'), element('span', {}, sentence));
}
