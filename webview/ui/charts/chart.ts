import { element } from '../dom.ts';
import { pngOfCanvas } from '../png.ts';
import { svgText } from './svgText.ts';

/** A drawing, and the figure around it that says what it means. */
export interface Chart {
  readonly element: HTMLElement;
  readonly drawing: SVGSVGElement;
}

/** Pixels of a picture for one unit of the drawing. */
const ratio = 2;

/** A chart that is on the page, as a PNG on the theme's background. */
export async function pngOfChart({ drawing }: Chart): Promise<Blob> {
  const picture = element('img', { src: `data:image/svg+xml,${encodeURIComponent(svgText(drawing))}` });
  await picture.decode();
  const { width, height } = drawing.viewBox.baseVal;
  const canvas = element('canvas', { width: Math.round(ratio * width), height: Math.round(ratio * height) });
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return await pngOfCanvas(canvas);
}
