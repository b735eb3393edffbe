import * as tf from '@tensorflow/tfjs-core';
import type { Adams } from '../adams.ts';
import type { InputPair } from '../data.ts';
import { descend, inPartsIf, type Objective, slopeOf } from '../descent.ts';
import { infoNce, matchDistribution } from '../losses.ts';
import { Layout, parameter } from '../networks/layout.ts';
import type { Batch, Given } from '../numbers.ts';
import { marksOf, readBoth } from '../objectives.ts';
import type { AlignmentTask } from '../tasks.ts';
import type { Learner } from './learner.ts';
import type { Learned, MetaStep } from './method.ts';

const INITIAL_SCALE = Math.log(1 / 0.07);
const LARGEST_SCALE = Math.log(100);

/** The items of some pairs, and the marks of what matches. */
type Drawn = 'sources' | 'targets' | 'marks';

/** Embeddings of some pairs [B, d] and what multiplies their cosines. */
export interface Contrasted {
  readonly targets: tf.Tensor2D;
  readonly sources: tf.Tensor2D;
  readonly scale: tf.Scalar;
}

/**
 * The training of CLIP (methods.md 7; open_clip): both encoders by ordinary Adam on symmetric InfoNCE, with a learned
 * temperature exp(−s). s lies behind the network's weights; it starts at ln(1 / 0.07) and is kept in [0, ln 100] between
 * two iterations.
 */
export class DualEncoder {
  readonly layout: Layout;
  readonly #learner: Learner;
  readonly #adams: Adams;
  readonly #slope = slopeOf<Drawn>((weights, given) => {
    const { targets, sources, scale } = this.contrast(weights, given);
    return infoNce(targets, sources, matchDistribution(given.marks), tf.div(1, scale));
  });

  constructor(learner: Learner, adams: Adams) {
    const logitScale = { name: 'logitScale', shape: [], centre: INITIAL_SCALE, spread: 0 };
    this.layout = new Layout([...learner.network.layout.parameters, logitScale]);
    this.#learner = learner;
    this.#adams = adams;
  }

  /** `innerSteps` steps, each on another `alignmentBatch` of the pairs. */
  async learn(start: tf.Tensor1D, pairs: readonly InputPair[], { iteration, random }: MetaStep): Promise<Learned> {
    const { innerSteps, alignmentBatch } = this.#learner.settings;
    const objective: Objective<Drawn> = {
      term: 'alignment',
      next: () => this.read(random.sample(pairs, alignmentBatch)),
      slope: this.#slope,
      ...inPartsIf(this.#learner.settings),
    };
    const adam = this.#adams.of(objective.term, this.layout.size, 0.9);
    const { weights, loss } = await descend(start, innerSteps, objective, adam, `iteration ${iteration}`);
    const clamped = tf.tidy(() => {
      const last = weights.size - 1;
      const scale = tf.clipByValue(tf.slice1d(weights, last, 1), 0, LARGEST_SCALE);
      return tf.concat1d([tf.slice1d(weights, 0, last), scale]);
    });
    weights.dispose();
    return { weights: clamped, losses: { alignment: loss } };
  }

  /** What {@link contrast} takes. */
  async read(pairs: readonly InputPair[]): Promise<Batch<Drawn>> {
    const { episodes, settings } = this.#learner;
    const batch = batchOf(pairs);
    return { ...(await readBoth(episodes, batch)), marks: marksOf(batch, settings) };
  }

  /** What InfoNCE compares. Call it within tf.tidy. */
  contrast(weights: tf.Tensor1D, { sources, targets }: Given<'sources' | 'targets'>): Contrasted {
    const { source, target } = this.#learner;
    const tensors = this.layout.cut(weights);
    return {
      targets: target.embed(tensors, targets),
      sources: source.embed(tensors, sources),
      scale: tf.exp(parameter(tensors, 'logitScale') as tf.Scalar),
    };
  }
}

/** The pairs that meta-training may align. */
export function alignedPairs({ episodes }: Learner): InputPair[] {
  return episodes.pools.flatMap(({ pairs }) => pairs);
}

function batchOf(pairs: readonly InputPair[]): AlignmentTask {
  return {
    sources: pairs.map(({ source }) => source),
    targets: pairs.map(({ target }) => target),
    labels: pairs.map((pair) => pair.class),
  };
}
