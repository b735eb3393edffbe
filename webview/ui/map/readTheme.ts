import { paintedColour } from '../paintedColour.ts';
import { legible, mix, type Rgb } from '../rgb.ts';
import type { Theme } from './theme.ts';

/** Contrast that the edge of a graphic needs (WCAG 2.2, 1.4.11). */
const least = 3;

/** The colours as they are now. The page's variables may name any colour that CSS knows. */
export function readTheme(): Theme {
  const styles = getComputedStyle(document.body);
  const colour = (name: string, fallback: Rgb): Rgb => {
    const value = styles.getPropertyValue(name).trim();
    return value === '' ? fallback : paintedColour(value);
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
