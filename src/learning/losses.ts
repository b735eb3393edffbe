import * as tf from '@tensorflow/tfjs-core';

/** Keeps the length of a zero vector, and its gradient, finite. */
const SMALLEST_SQUARED_LENGTH = 1e-12;
/** By so much a logit is lowered that must not count: far more than a cosine over any temperature, and finite. */
const OUT_OF_SIGHT = 1e9;

/**
 * Mean softmax cross-entropy of logits [B, N] against labels [B, N], each row of which is one-hot or another distribution
 * (methods.md 1.4). It has no gradient by the labels, and no second derivatives.
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  return crossEntropyAlong(1, logits, labels);
}

/**
 * Of columns (axis 0) or rows (1). It knows its own gradient by the logits, (softmax − labels) / B, in fewer operations than
 * TensorFlow.js finds.
 */
function crossEntropyAlong(axis: 0 | 1, logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  const count = logits.shape[1 - axis] ?? 1;
  const loss = tf.customGrad((...given) => {
    const [values, save] = given as [tf.Tensor, tf.GradSaveFunc];
    const shifted = tf.sub(values, tf.max(values, axis, true));
    const exponentials = tf.exp(shifted);
    const total = tf.sum(exponentials, axis, true);
    const likelihood = tf.sum(tf.mul(labels, tf.sub(shifted, tf.log(total))));
    save([tf.div(exponentials, total), labels]);
    const gradFunc = (dy: tf.Tensor, [softmax = values, expected = labels]: tf.Tensor[]): tf.Tensor =>
      tf.mul(tf.sub(softmax, expected), tf.div(dy, count));
    return { value: tf.div(likelihood, -count), gradFunc };
  });
  return loss(logits) as tf.Scalar;
}

/**
 * Symmetric InfoNCE of paired rows a, b [B, d] (CLIP; methods.md 7): the mean of both directions' cross-entropy between
 * softmax(cosine / temperature) and `positives` [B, B], whose row i is the distribution over the matches of row i. The
 * relation behind `positives` must be symmetric. Chance is ln B for one match a row, the minimum is its entropy.
 */
export function infoNce(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  positives: tf.Tensor2D,
  temperature: number | tf.Scalar,
): tf.Scalar {
  const logits = cosineLogits(a, b, temperature);
  const [ofA, ofB] = [crossEntropyAlong(1, logits, positives), crossEntropyAlong(0, logits, tf.transpose(positives))];
  return tf.div(tf.add(ofA, ofB), 2);
}

/**
 * How badly each of `targets` [B, d] fits what it is paired with (in the place of NCR's loss; methods.md 8.12): −ln of the
 * likelihood, by the softmax of its cosines to `sources` [B, d], of the sources of other pairs that match it, which are
 * those above 0 in its row of `matches` [B, B] ({@link matchDistribution}). Its own partner is left out of them and of all,
 * because a wrong pair that was learnt by heart speaks for itself; where no other pair matches, it is the partner's.
 */
export function pairLosses(
  targets: tf.Tensor2D,
  sources: tf.Tensor2D,
  matches: tf.Tensor2D,
  temperature: number | tf.Scalar,
): tf.Tensor1D {
  const logits = cosineLogits(targets, sources, temperature);
  const own = tf.eye(logits.shape[0]);
  const others = tf.sub(tf.cast(tf.greater(matches, 0), 'float32'), own);
  const hasOthers = tf.max(others, 1, true);
  const considered = tf.sub(1, tf.mul(own, hasOthers));
  const matching = tf.add(others, tf.mul(own, tf.sub(1, hasOthers)));
  return tf.sub(logSumExpOf(logits, considered), logSumExpOf(logits, matching));
}

/** Of every row of a [B, d] with every row of b [B, d]: [B, B]. */
function cosineLogits(a: tf.Tensor2D, b: tf.Tensor2D, temperature: number | tf.Scalar): tf.Tensor2D {
  return tf.matMul(tf.div(unit(a), temperature), unit(b), false, true);
}

/** ln Σ exp over the places of each row that a mask [B, B] of 0 and 1 keeps. */
function logSumExpOf(logits: tf.Tensor2D, mask: tf.Tensor): tf.Tensor1D {
  return tf.logSumExp(tf.add(logits, tf.mul(tf.sub(mask, 1), OUT_OF_SIGHT)), 1);
}

/**
 * What {@link infoNce} takes for `positives` [B, B]: row i is uniform over the j that match i, which have one of their marks
 * in common. By class the mark is the class; by instance there are two, the items of a pair (so a pair mostly matches
 * itself alone). Made where the loss is computed, from B numbers a mark: `marks` are int32 [marks, B].
 */
export function matchDistribution(marks: tf.Tensor): tf.Tensor2D {
  const [kinds, size = 0] = marks.shape;
  const alike = tf
    .split(marks, kinds ?? 1)
    .map((own) => tf.equal(tf.reshape(own, [size, 1]), tf.reshape(own, [1, size])));
  const matches = tf.cast(
    alike.reduce((some, others) => tf.logicalOr(some, others)),
    'float32',
  );
  return tf.div(matches, tf.sum(matches, 1, true));
}

/**
 * The loss of CROMA's released code (methods.md 1.4; peter-yh-wu/xmodal, main.py 65–99): with the cosines M of class means
 * of unit rows, a [B, d] against b [B, d],
 *
 *     1/B · Σᵢⱼ max(0, margin + Mᵢⱼ − Mⱼⱼ)
 *
 * over all classes i, j of the batch, whose means are taken by `means` [C, B]. They are not scaled to length 1 again and the
 * diagonal is not left out, so the minimum is margin · classes / B.
 */
export function hinge(a: tf.Tensor2D, b: tf.Tensor2D, means: tf.Tensor, margin: number): tf.Scalar {
  const products = productsOfClassMeans(a, b, means);
  return tf.div(tf.sum(tf.relu(overMatches(products, margin))), a.shape[0]);
}

/**
 * {@link hinge} without its flaws: from both sides, without the diagonal, and the same for every size of batch,
 *
 *     1/(C(C − 1)) · Σ_{i≠j} max(0, margin + Mᵢⱼ − Mⱼⱼ) + max(0, margin + Mᵢⱼ − Mᵢᵢ)
 *
 * over the C classes of the batch. From 0; 0 for a single class.
 */
export function twoWayHinge(a: tf.Tensor2D, b: tf.Tensor2D, means: tf.Tensor, margin: number): tf.Scalar {
  const products = productsOfClassMeans(a, b, means);
  const [classes] = products.shape;
  const others = tf.sub(tf.ones([classes, classes]), tf.eye(classes));
  const [across, down] = [overMatches(products, margin), overMatches(tf.transpose(products), margin)];
  const both = tf.add(tf.relu(across), tf.transpose(tf.relu(down)));
  return tf.div(tf.sum(tf.mul(both, others)), Math.max(1, classes * (classes - 1)));
}

/** One minus the mean cosine of the pairs a, b [B, d] (methods.md 1.4): nothing keeps all items from the same place. */
export function cosineDistance(a: tf.Tensor2D, b: tf.Tensor2D): tf.Scalar {
  return tf.sub(1, tf.div(tf.sum(tf.mul(unit(a), unit(b))), a.shape[0]));
}

/**
 * Prototypical loss (Snell et al. 2017; methods.md 1.8): cross-entropy of softmax(−‖query − prototype‖²), the prototypes
 * being the means of the support rows [S, d] of each label, which `means` [N, S] takes. `queryLabels` are one-hot [Q, N].
 */
export function prototypical(
  support: tf.Tensor2D,
  means: tf.Tensor,
  queries: tf.Tensor2D,
  queryLabels: tf.Tensor2D,
): tf.Scalar {
  const prototypes = tf.matMul(means as tf.Tensor2D, support);
  // −‖q − c‖² without ‖q‖², which softmax does not see.
  const squared = tf.reshape(tf.sum(tf.square(prototypes), 1), [1, -1]);
  const logits = tf.sub<tf.Tensor2D>(tf.mul(tf.matMul(queries, tf.transpose(prototypes)), 2), squared);
  return crossEntropy(logits, queryLabels);
}

/** M [C, C]: row i, column j is the product of the means of the unit rows of class i in a and of class j in b. */
function productsOfClassMeans(a: tf.Tensor2D, b: tf.Tensor2D, means: tf.Tensor): tf.Tensor2D {
  const meanOf = (rows: tf.Tensor2D): tf.Tensor2D => tf.matMul(means as tf.Tensor2D, unit(rows));
  return tf.matMul(meanOf(a), tf.transpose(meanOf(b)));
}

/** margin + Mᵢⱼ − Mⱼⱼ. */
function overMatches(products: tf.Tensor2D, margin: number): tf.Tensor2D {
  const matches = tf.sum(tf.mul(products, tf.eye(products.shape[0])), 0, true);
  return tf.add(tf.sub(products, matches), margin);
}

/** Rows scaled to length 1. With u = x / ‖x‖, the gradient is (dy − u (u · dy)) / ‖x‖. */
function unit(rows: tf.Tensor2D): tf.Tensor2D {
  return scaled(rows) as tf.Tensor2D;
}

const scaled = tf.customGrad((...given) => {
  const [rows, save] = given as [tf.Tensor, tf.GradSaveFunc];
  const length = tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), SMALLEST_SQUARED_LENGTH));
  const value = tf.div(rows, length);
  save([value, length]);
  const gradFunc = (dy: tf.Tensor, [own = value, by = length]: tf.Tensor[]): tf.Tensor =>
    tf.div(tf.sub(dy, tf.mul(own, tf.sum(tf.mul(dy, own), 1, true))), by);
  return { value, gradFunc };
});
