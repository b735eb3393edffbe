import { fill, shape } from '../dom.ts';
import { paintedColour } from '../paintedColour.ts';
import { css } from '../rgb.ts';

const namespace = 'http://www.w3.org/2000/svg';

/** What a drawing needs of the page's styles to look the same outside of it, and what each is where nothing is said. */
const kept = {
  fill: 'rgb(0, 0, 0)',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  visibility: 'visible',
  'font-family': '',
  'font-size': '',
  'font-weight': '400',
  'text-anchor': 'start',
  'dominant-baseline': 'auto',
};

/** Colours that programs which draw SVG files do not know. */
const modern = /^(oklab|oklch|lab|lch|color)\(/;

const onlyOnPage = ['class', 'style', 'tabindex', 'role', 'aria-description', 'data-cell'];

/**
 * A drawing of the page as the text of an SVG file: its styles become attributes, with the colours that the theme has
 * now, on the theme's background. The drawing must be on the page.
 */
export function svgText(drawing: SVGSVGElement): string {
  const background = getComputedStyle(document.body).backgroundColor;
  const copy = shape('svg', { xmlns: namespace, 'aria-label': drawing.getAttribute('aria-label') ?? undefined });
  const { x, y, width, height } = drawing.viewBox.baseVal;
  fill(copy, { viewBox: `${x} ${y} ${width} ${height}`, width, height }, [
    shape('rect', { x, y, width, height, fill: background }),
    ...[...drawing.children].filter(isLasting).map((part) => standingAlone(part, background)),
  ]);
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}

/** What only shows where somebody points is no part of a picture. */
function isLasting(part: Element): boolean {
  return !part.hasAttribute('data-pointing');
}

/** A copy of a part of a drawing that needs no style sheet. */
function standingAlone(original: Element, background: string): Element {
  const copy = document.importNode(original, true);
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [index, part] of [original, ...original.querySelectorAll('*')].entries()) {
    const target = copies[index];
    if (target && part.localName !== 'title') settle(getComputedStyle(part), target, background);
  }
  return copy;
}

function settle(styles: CSSStyleDeclaration, target: Element, background: string): void {
  for (const [property, initial] of Object.entries(kept)) {
    const value = styles.getPropertyValue(property);
    if (value !== initial)
      target.setAttribute(property, modern.test(value) ? css(paintedColour(value, background)) : value);
  }
  for (const name of onlyOnPage) target.removeAttribute(name);
}
