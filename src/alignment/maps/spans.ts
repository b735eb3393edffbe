/** Rows `from`…`to` − 1 of those that are sorted by group: all of one group. */
export interface Span {
  readonly group: number;
  readonly from: number;
  readonly to: number;
}

/** All rows by group and index, and spans of at most `longest` rows of one group that cover them. */
export function spansByGroup(groupOf: Uint32Array, longest: number): { order: Uint32Array; spans: Span[] } {
  const order = Uint32Array.from(groupOf.keys()).sort((a, b) => (groupOf[a] ?? 0) - (groupOf[b] ?? 0) || a - b);
  const spans: Span[] = [];
  for (let from = 0; from < order.length; ) {
    const group = groupOf[order[from] ?? 0] ?? 0;
    let to = from;
    while (to < order.length && to - from < longest && groupOf[order[to] ?? 0] === group) to++;
    spans.push({ group, from, to });
    from = to;
  }
  return { order, spans };
}
