import sharp from 'sharp';
import type { Random } from '../base/random.ts';
import type { Colour, Concept, Place, Scene, Shape, Size, Texture } from './concepts.ts';
import { PICTURE } from './nuisance.ts';

/** Width and height of a picture, pixels. */
export const PICTURE_SIZE = 64;

/** Outlines around the origin, about one unit in radius. */
const OUTLINES: Readonly<Record<Shape, string>> = {
  circle: 'M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z',
  square: 'M-.85-.85H.85V.85H-.85Z',
  triangle: 'M0-1L.95 .75H-.95Z',
  star: 'M0-1.1L.29-.35L1.05-.3L.46 .18L.65 .9L0 .5L-.65 .9L-.46 .18L-1.05-.3L-.29-.35Z',
  cross: 'M-.33-1H.33V-.33H1V.33H.33V1H-.33V.33H-1V-.33H-.33Z',
  ring: 'M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0ZM.55 0A.55 .55 0 1 0-.55 0A.55 .55 0 1 0 .55 0Z',
  heart: 'M0 1C-1.6-.1-.9-1.1-.45-.95C-.2-.9 0-.7 0-.45C0-.7 .2-.9 .45-.95C.9-1.1 1.6-.1 0 1Z',
  crescent: 'M.35-.95A1 1 0 1 0 .35 .95A.8 .8 0 1 1 .35-.95Z',
};

/** Degrees on the colour circle. */
const HUES: Readonly<Record<Colour, number>> = { red: 0, orange: 28, yellow: 56, green: 125, blue: 220, purple: 285 };

/** Radius, pixels. */
const RADII: Readonly<Record<Size, number>> = { small: 17, medium: 20, large: 23 };
const BYSTANDER_RADIUS = 6;

/** Distance from the left edge, of the width. */
const COLUMNS: Readonly<Record<Place, number>> = { left: 0.38, middle: 0.5, right: 0.62 };

/** A bystander stands in front at the upper or lower edge: distances as above, and from the upper edge. */
const BYSTANDER_COLUMNS: Readonly<Record<Place, number>> = { left: 0.13, middle: 0.5, right: 0.87 };
const BYSTANDER_ROWS = [0.13, 0.87];

/** Patterns in units of the outline, drawn in the ink. */
const PATTERNS: Readonly<Record<Texture, string>> = {
  plain: '',
  striped:
    '<pattern id="ink" width=".5" height=".5" patternUnits="userSpaceOnUse"><rect width=".22" height=".5" fill="INK"/></pattern>',
  dotted:
    '<pattern id="ink" width=".5" height=".5" patternUnits="userSpaceOnUse"><circle cx=".25" cy=".25" r=".14" fill="INK"/></pattern>',
};

/** Draws a scene as a PNG of {@link PICTURE_SIZE} squared pixels, on a background that has nothing to do with it. */
export async function drawPicture(scene: Scene, random: Random): Promise<Buffer> {
  const background = drawBackground(random);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${PICTURE_SIZE}" height="${PICTURE_SIZE}">${figures(scene, random)}</svg>`;
  return await sharp(background, { raw: { width: PICTURE_SIZE, height: PICTURE_SIZE, channels: 3 } })
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha()
    .png({ compressionLevel: 6 })
    .toBuffer();
}

function figures({ concept, size, texture, place, bystander }: Scene, random: Random): string {
  const x = COLUMNS[place] + random.between(-1, 1) * PICTURE.shift[0];
  const y = 0.5 + random.between(-1, 1) * PICTURE.shift[1];
  const figure = draw(concept, x, y, RADII[size], texture, random);
  if (bystander === undefined) return figure;
  const row = random.pick(BYSTANDER_ROWS);
  return figure + draw(bystander.concept, BYSTANDER_COLUMNS[bystander.place], row, BYSTANDER_RADIUS, 'plain', random);
}

/** `x` and `y` of the middle, of the width and height; `radius` in pixels. */
function draw({ shape, colour }: Concept, x: number, y: number, radius: number, texture: Texture, random: Random) {
  const scale = radius * random.between(...PICTURE.scale);
  const turn = random.between(-1, 1) * PICTURE.turn;
  const hue = HUES[colour] + PICTURE.hueSpread * random.normal();
  const lightness = random.between(...PICTURE.lightness);
  const pattern = PATTERNS[texture].replace('INK', hsl(hue, lightness - 22));
  const path = (paint: string): string => `<path d="${OUTLINES[shape]}" fill="${paint}"/>`;
  const middle = [x, y].map((part) => (part * PICTURE_SIZE).toFixed(2)).join(' ');
  const transform = `translate(${middle}) rotate(${turn.toFixed(1)}) scale(${scale.toFixed(2)})`;
  const inked = pattern === '' ? '' : path('url(#ink)');
  return `${pattern}<g transform="${transform}">${path(hsl(hue, lightness))}${inked}</g>`;
}

function hsl(hue: number, lightness: number): string {
  return `hsl(${Math.round((hue + 360) % 360)},75%,${Math.round(lightness)}%)`;
}

/** RGB bytes: a slope between two random colours, coarse blots and fine grain. */
function drawBackground(random: Random): Buffer {
  const ends = Array.from({ length: 6 }, () => GROUND + random.between(-1, 1) * PICTURE.background);
  const blots = Array.from({ length: BLOTS * BLOTS }, () => random.normal() * PICTURE.blots);
  const angle = random.between(0, 2 * Math.PI);
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
  const pixels = Buffer.alloc(PICTURE_SIZE * PICTURE_SIZE * 3);
  for (let i = 0; i < PICTURE_SIZE * PICTURE_SIZE; i++) {
    const [x, y] = [(i % PICTURE_SIZE) / PICTURE_SIZE, Math.floor(i / PICTURE_SIZE) / PICTURE_SIZE];
    const way = 0.5 + 0.7 * ((x - 0.5) * across + (y - 0.5) * down);
    const light = blotAt(blots, x, y) + random.normal() * PICTURE.grain;
    for (let channel = 0; channel < 3; channel++) {
      const slope = (ends[channel] ?? 0) * (1 - way) + (ends[channel + 3] ?? 0) * way;
      pixels[3 * i + channel] = Math.max(0, Math.min(255, Math.round(slope + light)));
    }
  }
  return pixels;
}

/** Mean of the background, of 255: dark, so that every colour stands out to the same side. */
const GROUND = 55;

/** Blots a side. */
const BLOTS = 6;

/** Bilinear between the blots around (x, y), both in [0, 1). */
function blotAt(blots: readonly number[], x: number, y: number): number {
  const [u, v] = [x * (BLOTS - 1), y * (BLOTS - 1)];
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const at = (c: number, r: number): number => blots[(row + r) * BLOTS + column + c] ?? 0;
  const [s, t] = [u - column, v - row];
  return (at(0, 0) * (1 - s) + at(1, 0) * s) * (1 - t) + (at(0, 1) * (1 - s) + at(1, 1) * s) * t;
}
