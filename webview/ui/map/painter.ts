import type { Picture } from './picture.ts';

/** Draws points. It holds as many as it can: the first `count` of the order it was made with. */
export interface Painter {
  readonly canvas: HTMLCanvasElement;
  readonly count: number;
  /** What keeps it from drawing all points at once, as a sentence; empty where nothing does. */
  readonly limit: string;
  /** Takes the styles of its points, 4 bytes each (see Scene.styles). */
  style(bytes: Uint8Array): void;
  /** Empties the canvas, at the size of the picture. */
  clear(picture: Picture): void;
  /** Adds the points from one place of the order to another. */
  draw(picture: Picture, from: number, to: number): void;
}

/** Gives a canvas the pixels of a picture; says whether that emptied it. */
export function resize(canvas: HTMLCanvasElement, { size, ratio }: Picture): boolean {
  const width = Math.max(1, Math.round(size.width * ratio));
  const height = Math.max(1, Math.round(size.height * ratio));
  if (canvas.width === width && canvas.height === height) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}
