import { linear, type Module, relu, sequence } from './modules.ts';

/** Length of every embedding. */
export const EMBEDDING = 64;
const HIDDEN = 128;

/** From an item's array [B, …shape] to its embedding [B, 64]. `name` begins the names of its parameters. */
export function encoder(name: string, shape: readonly number[]): Module {
  const [dimensions = 1] = shape;
  return sequence(linear(`${name}.hidden`, dimensions, HIDDEN), relu, linear(`${name}.output`, HIDDEN, EMBEDDING));
}
