import type { Command } from './command.ts';

/** In the order of the work. */
export const commands: readonly Command[] = [];
