import { Random } from '../../../src/base/random.ts';
import type { Inputs, LearningData } from '../../../src/learning/data.ts';
import { vectorInputs } from '../../../src/learning/inputs.ts';
import type { Strength } from '../../../src/protocol.ts';

export interface ConceptOptions {
  readonly classes: number;
  readonly itemsPerClass: number;
  readonly seed?: number;
  readonly strength?: Strength;
}

const LATENT = 8;
const NUISANCE = 24;

/**
 * Pairs that share an 8-dimensional latent (class mean + 0.5 noise), seen through 24 nuisance dimensions (scale 0.3 in
 * the source, 1.5 in the target), a random linear mixing and a mild tanh: the pilot of methods.md 12.1, in which few-shot
 * learning in the target is hard and its source is easy.
 */
export function concepts({ classes, itemsPerClass, seed = 0, strength = 'strong' }: ConceptOptions): LearningData {
  const random = Random.of(seed, 'concepts');
  const labels = Array.from({ length: classes * itemsPerClass }, (_, row) => Math.floor(row / itemsPerClass));
  const means = Array.from({ length: classes }, () => normals(random, LATENT, 1));
  const latents = labels.map((label) =>
    normals(random, LATENT, 0.5).map((noise, d) => noise + (means[label]?.[d] ?? 0)),
  );
  return {
    source: view(latents, labels, 0.3, random),
    target: view(latents, labels, 1.5, random),
    pairs: labels.map((label, row) => ({ source: row, target: row, class: label })),
    classes: Array.from({ length: classes }, (_, index) => `concept ${index}`),
    strength,
  };
}

function view(latents: number[][], labels: number[], nuisance: number, random: Random): Inputs {
  const dimensions = LATENT + NUISANCE;
  const mixing = Array.from({ length: dimensions }, () => normals(random, dimensions, 1 / Math.sqrt(dimensions)));
  const vectors = new Float32Array(latents.length * dimensions);
  for (const [row, latent] of latents.entries()) {
    const values = [...latent, ...normals(random, NUISANCE, nuisance)];
    for (const [d, weights] of mixing.entries()) {
      const mixed = weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0);
      vectors[row * dimensions + d] = mixed + 0.3 * Math.tanh(mixed);
    }
  }
  return vectorInputs(dimensions, vectors, Int32Array.from(labels));
}

function normals(random: Random, count: number, scale: number): number[] {
  return Array.from({ length: count }, () => scale * random.normal());
}
