import type { Rgb } from '../rgb.ts';

/** The colours of the editor's theme that a map draws with. */
export interface Theme {
  readonly background: Rgb;
  readonly foreground: Rgb;
  readonly focus: Rgb;
  /** For what is not known. */
  readonly muted: Rgb;
  /** The two modalities. */
  readonly kinds: readonly [Rgb, Rgb];
  /** Points have outlines, and nothing shines through. */
  readonly highContrast: boolean;
}
