import type { NumberType } from '../base/numberType.ts';

/** A matrix in a file: each row is the vector of one item. */
export interface VectorArray {
  /** Name in its file; absent in a .npy file, which holds one array. */
  readonly name?: string;
  readonly rows: number;
  readonly columns: number;
  readonly type: NumberType;
  /** True when the most significant byte of a number comes first. */
  readonly isBigEndian?: boolean;
}

/** An array whose rows can be read. Whoever opens one closes it. */
export interface Vectors extends VectorArray {
  /** The rows [from, to), one after the other. Throws {@link ContainerError}. */
  read(from: number, to: number): Promise<Float32Array>;
  close(): void;
}
