import { element } from '../dom.ts';
import { legible, mix, type Rgb } from './rgb.ts';
import type { Theme } from './theme.ts';

/** Contrast that the edge of a graphic needs (WCAG 2.2, 1.4.11). */
const least = 3;

/** The colours as they are now. The page's variables may name any colour that CSS knows. */
export function readTheme(): Theme {
  const styles = getComputedStyle(document.body);
  const brush = element('canvas', { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  const colour = (name: string, fallback: Rgb): Rgb => {
    const value = styles.getPropertyValue(name).trim();
    return value === '' || !brush ? fallback : painted(brush, value);
  };
  const background = colour('--vscode-editor-background', [30, 30, 30]);
  const foreground = colour('--vscode-foreground', [204, 204, 204]);
  return {
    background,
    foreground,
    focus: colour('--vscode-focusBorder', foreground),
    muted: mix(background, foreground, 0.45),
    kinds: [
      legible(colour('--vscode-charts-blue', [55, 148, 255]), background, least),
      legible(colour('--vscode-charts-orange', [209, 134, 22]), background, least),
    ],
    highContrast: document.body.classList.contains('vscode-high-contrast'),
  };
}

/** Calls when the editor changes its theme, which it writes on the page's two outer elements. */
export function onThemeChange(changed: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  signal.addEventListener('abort', () => observer.disconnect());
}

function painted(brush: CanvasRenderingContext2D, colour: string): Rgb {
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = brush.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
