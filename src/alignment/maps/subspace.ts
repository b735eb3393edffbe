import { Random } from '../../base/random.ts';
import { symmetricEigen } from '../../embedding/eigen.ts';

/** More directions than asked for make the last of those asked for accurate. */
const OVERSAMPLING = 12;
const MAX_ITERATIONS = 200;
const TOLERANCE = 1e-10;

export interface LeadingEigen {
  /** Largest first. */
  readonly values: readonly number[];
  /** A unit vector for each value; its largest element is positive. */
  readonly vectors: readonly Float64Array[];
}

/**
 * The `count` largest eigenvalues of a symmetric matrix without negative ones (`size` × `size`, row after row), by
 * subspace iteration from a fixed start and a Rayleigh–Ritz step (Golub & Van Loan, "Matrix Computations", §8.2).
 */
export function leadingEigen(square: Float64Array, size: number, count: number): LeadingEigen {
  const width = Math.min(size, count + OVERSAMPLING);
  const random = Random.of(0, 'subspace');
  let basis = orthonormal(
    Array.from({ length: width }, () => Float64Array.from({ length: size }, () => random.normal())),
  );
  let captured = 0;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const images = basis.map((vector) => timesVector(square, vector));
    const total = images.reduce((sum, image, i) => sum + dot(image, basis[i] ?? image), 0);
    if (width === size || total - captured <= TOLERANCE * total) return ritz(basis, images, count);
    captured = total;
    basis = orthonormal(images);
  }
  return ritz(
    basis,
    basis.map((vector) => timesVector(square, vector)),
    count,
  );
}

/** The eigenvectors within the span of the basis, of which the images under the matrix are given. */
function ritz(basis: readonly Float64Array[], images: readonly Float64Array[], count: number): LeadingEigen {
  const width = basis.length;
  const projected = new Float64Array(width * width);
  for (const [i, vector] of basis.entries()) {
    for (const [j, image] of images.entries()) projected[i * width + j] = dot(vector, image);
  }
  const { values, vectors } = symmetricEigen(projected, width);
  const kept = values.slice(0, count);
  return { values: kept, vectors: kept.map((_, column) => signed(combine(basis, vectors.getColumn(column)))) };
}

function combine(basis: readonly Float64Array[], factors: readonly number[]): Float64Array {
  const sum = new Float64Array(basis[0]?.length ?? 0);
  for (const [i, vector] of basis.entries()) addScaled(sum, vector, factors[i] ?? 0);
  return sum;
}

function signed(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}

/** Gram–Schmidt, each direction twice. A vector within the span of those before it becomes zeros. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    const before = Math.sqrt(dot(rest, rest));
    for (const other of [...basis, ...basis]) addScaled(rest, other, -dot(rest, other));
    const length = Math.sqrt(dot(rest, rest));
    basis.push(length > 1e-12 * before ? rest.map((value) => value / length) : new Float64Array(rest.length));
  }
  return basis;
}

function timesVector(square: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return Float64Array.from({ length: size }, (_, row) => dot(square.subarray(row * size, (row + 1) * size), vector));
}

/** Four sums, so that none waits for the one before. */
function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + (s2 + s3);
}

function addScaled(sum: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + factor * (vector[i] ?? 0);
}
