/** The score of two unrelated matrices: k / (N − 1). */
export function mutualKnnChance(rows: number, neighbours: number): number {
  return neighbours / (rows - 1);
}
