import * as tf from '@tensorflow/tfjs-core';

/** Tensors by their names. */
export type Group = Readonly<Record<string, tf.Tensor>>;

/**
 * A function of tensors and of nothing else that ever changes. The same function stands for the same work, so that a
 * backend may keep what it makes of it.
 */
export type Pure<Groups extends readonly Group[], Result extends Group> = (...groups: Groups) => Result;

/** Computes pure functions as a whole, where one operation after the other takes longer. */
export interface Compiler {
  /** Tensors of the names that the work gives. The caller disposes them. */
  compute(work: Pure<Group[], Group>, groups: readonly Group[]): Group;
}

const compilers = new Map<string, Compiler>();

/** From now on, a compiler computes the pure functions where this backend computes. */
export function useCompiler(backend: string, compiler: Compiler): void {
  compilers.set(backend, compiler);
}

/** What a pure function gives, on the backend that computes. The caller disposes it. */
export function compute<Groups extends readonly Group[], Result extends Group>(
  work: Pure<Groups, Result>,
  ...groups: Groups
): Result {
  const compiler = compilers.get(tf.getBackend());
  if (compiler === undefined) return tf.tidy(() => work(...groups));
  // It gives what the work gives, by the same names.
  return compiler.compute(work as unknown as Pure<Group[], Group>, groups) as Result;
}
