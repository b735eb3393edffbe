/** The rows of each class, in order; rows without one are left out. */
export function rowsOfClasses(labels: readonly (string | undefined)[]): Map<string, number[]> {
  const rowsOf = new Map<string, number[]>();
  for (const [row, label] of labels.entries()) {
    if (label === undefined) continue;
    const rows = rowsOf.get(label);
    if (rows === undefined) rowsOf.set(label, [row]);
    else rows.push(row);
  }
  return rowsOf;
}
