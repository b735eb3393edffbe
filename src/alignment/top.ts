/** Indices of the `count` largest scores, largest first; of equal scores the lower index first. */
export function topIndices(scores: Float32Array, count: number): number[] {
  const top: number[] = [];
  let worst = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] ?? 0;
    if (top.length === count && score <= worst) continue;
    let place = top.length;
    while (place > 0 && (scores[top[place - 1] ?? 0] ?? 0) < score) place--;
    top.splice(place, 0, index);
    if (top.length > count) top.pop();
    worst = scores[top[top.length - 1] ?? 0] ?? 0;
  }
  return top;
}
