import type { AlignmentView } from '../../src/protocol.ts';

/** How the person has the page now, for its parts to read and to change. */
export interface Viewing {
  now(): AlignmentView;
  /** Draws the page anew. */
  change(part: Partial<AlignmentView>): void;
  /** For what is on the screen already. */
  keep(part: Partial<AlignmentView>): void;
}
