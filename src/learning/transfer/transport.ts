import * as tf from '@tensorflow/tfjs-core';
import { knownSlope } from './knownSlope.ts';

export interface Sinkhorn {
  /** Of the entropy, in units of the costs. */
  readonly epsilon: number;
  /** Rounds at `epsilon`, after one at each of 16, 8, 4 and 2 times as much. */
  readonly rounds: number;
}

/**
 * Entropic transport costs between equal weights, in the dual form mean f + mean g (Cuturi 2013; Feydy et al. 2019), by
 * Sinkhorn rounds in the log domain: costs [B, n, m] → [B]. The gradient by the costs is the transport plan, which is
 * exact where the rounds have settled (Danskin's theorem), so that nothing is differentiated through the rounds.
 */
export function entropicTransport(costs: tf.Tensor3D, sinkhorn: Sinkhorn): tf.Tensor1D {
  return withPlan(costs, sinkhorn.epsilon, (values) => {
    let f = tf.zeros([values.shape[0], values.shape[1], 1]);
    let g = tf.zeros([values.shape[0], 1, values.shape[2]]);
    for (const epsilon of schedule(sinkhorn)) {
      f = prices(values, g, epsilon, 2);
      g = prices(values, f, epsilon, 1);
    }
    return [f, g];
  });
}

/** {@link entropicTransport} of sets to themselves, with symmetric costs [B, n, n]: one price an item, settled sooner. */
export function entropicSelfTransport(costs: tf.Tensor3D, sinkhorn: Sinkhorn): tf.Tensor1D {
  return withPlan(costs, sinkhorn.epsilon, (values) => {
    let f = tf.zeros([values.shape[0], values.shape[1], 1]);
    const turned = (prices: tf.Tensor) => tf.reshape(prices, [values.shape[0], 1, values.shape[2]]);
    for (const epsilon of schedule(sinkhorn)) f = tf.div(tf.add(f, prices(values, turned(f), epsilon, 2)), 2);
    return [f, turned(f)];
  });
}

/** The value of the dual at its prices, and the plan as its gradient. */
function withPlan(
  costs: tf.Tensor3D,
  epsilon: number,
  solve: (costs: tf.Tensor3D) => [f: tf.Tensor, g: tf.Tensor],
): tf.Tensor1D {
  const [, rows, columns] = costs.shape;
  return knownSlope(costs, (values) => {
    const [f, g] = solve(values);
    const plan = tf.div(tf.exp(tf.div(tf.sub(tf.add(f, g), values), epsilon)), rows * columns);
    return { value: tf.add(tf.mean(f, [1, 2]), tf.mean(g, [1, 2])), slope: plan };
  });
}

/** −ε log mean exp((the others' prices − costs) / ε) over one axis. */
function prices(costs: tf.Tensor3D, others: tf.Tensor, epsilon: number, axis: 1 | 2): tf.Tensor {
  const scaled = tf.logSumExp(tf.div(tf.sub(others, costs), epsilon), axis, true);
  return tf.mul(tf.sub(scaled, Math.log(costs.shape[axis])), -epsilon);
}

function schedule({ epsilon, rounds }: Sinkhorn): number[] {
  return [16, 8, 4, 2, ...Array<number>(rounds).fill(1)].map((factor) => factor * epsilon);
}
