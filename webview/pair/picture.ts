import { element } from '../ui/dom.ts';
import { pictureScale } from './pictureScale.ts';

/** A picture in its own size or smaller; a tiny one enlarged by a whole factor, pixel by pixel. */
export function drawPicture(uri: string, description: string): HTMLElement {
  const picture = element('img', { src: uri, alt: description });
  const note = element('figcaption', { class: 'muted' });
  const figure = element('figure', {}, picture, note);
  picture.addEventListener('load', () => {
    const { naturalWidth: width, naturalHeight: height } = picture;
    const scale = pictureScale(width, height);
    picture.classList.toggle('tiny', scale > 1);
    // Never wider than its card, and never higher than most of the panel.
    picture.style.setProperty('width', `min(100%, ${width * scale}px, ${(60 * width) / height}vh)`);
    note.textContent = `${width} × ${height} px${scale > 1 ? `, shown ${scale} times larger` : ''}`;
  });
  picture.addEventListener('error', () => {
    picture.hidden = true;
    note.textContent = 'The editor cannot show this picture. Open the file to see it.';
  });
  return figure;
}
