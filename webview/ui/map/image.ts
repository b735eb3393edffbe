import { element } from '../dom.ts';
import { pngOfCanvas } from '../png.ts';
import { css } from '../rgb.ts';
import { diamondScale, dimming } from './look.ts';
import type { Picture } from './picture.ts';
import { flags, type Scene } from './scene.ts';
import type { Stage } from './stage.ts';
import { boxInSight, contains } from './view.ts';

/** Points in sight up to which they are shapes of their own. */
const mostShapes = 20_000;
/** Pixels of a picture for one CSS pixel. */
const ratio = 2;

/** What is in sight as a PNG, on the theme's background. */
export async function pngOf(stage: Stage): Promise<Blob> {
  const picture = stage.copy(ratio);
  const canvas = element('canvas', { width: picture.width, height: picture.height });
  const brush = canvas.getContext('2d');
  if (brush) {
    brush.fillStyle = css(stage.theme.background);
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0);
  }
  return await pngOfCanvas(canvas);
}

/** What is in sight as an SVG: shapes, or a picture where there are too many points for them. */
export function svgOf(scene: Scene, stage: Stage): string {
  const { width, height } = stage.size;
  const places = placesInSight(scene, stage);
  const content =
    places.length <= mostShapes
      ? [...lines(stage), ...shapes(scene, stage, places)]
      : [`<image href="${stage.copy(ratio).toDataURL('image/png')}" width="${width}" height="${height}"/>`];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${css(stage.theme.background)}"/>`,
    ...content,
    '</svg>',
    '',
  ].join('\n');
}

/** Places in the order of the points in sight, one more than there are shapes for at most. */
function placesInSight({ data, order, isShown }: Scene, { view, size }: Stage): number[] {
  const box = boxInSight(view, size);
  const found: number[] = [];
  for (let place = 0; place < order.length && found.length <= mostShapes; place++) {
    const point = order[place] ?? 0;
    const x = data.positions[2 * point] ?? 0;
    const y = data.positions[2 * point + 1] ?? 0;
    if (isShown(point) && contains(box, x, y)) found.push(place);
  }
  return found;
}

function lines(stage: Stage): string[] {
  const links = stage.linksShown();
  const ends = Array.from(links, (point) => stage.placeOf(point));
  const path = ends.map(({ x, y }, end) => `${end % 2 === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');
  const { foreground } = stage.theme;
  return path === '' ? [] : [`<path d="${path}" fill="none" stroke="${css(foreground)}" stroke-opacity="0.35"/>`];
}

function shapes(scene: Scene, stage: Stage, places: readonly number[]): string[] {
  const picture = stage.picture();
  const bytes = scene.styles(stage.theme);
  const outline =
    picture.outlineWidth === 0 ? '' : ` stroke="${css(picture.outline)}" stroke-width="${picture.outlineWidth}"`;
  return [
    `<g${outline}>`,
    ...places.map((place) => {
      const [red = 0, green = 0, blue = 0, state = 0] = bytes.subarray(4 * place, 4 * place + 4);
      const look = `fill="${css([red, green, blue])}" opacity="${short(opacityOf(picture, state))}"`;
      const { x, y } = stage.placeOf(scene.order[place] ?? 0);
      const radius = picture.look.width / 2;
      if ((state & flags.second) === 0) {
        return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" ${look}/>`;
      }
      const reach = short(radius * diamondScale);
      return `<path d="M${short(x)} ${short(y)}m0 -${reach}l${reach} ${reach}l-${reach} ${reach}l-${reach} -${reach}z" ${look}/>`;
    }),
    '</g>',
  ];
}

function opacityOf({ look, dimmed }: Picture, state: number): number {
  return dimmed && (state & flags.selected) === 0 ? look.opacity * dimming : look.opacity;
}

function short(value: number): number {
  return Math.round(value * 100) / 100;
}
