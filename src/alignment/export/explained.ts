import {
  type AlignmentReport,
  type Explanation,
  explanations,
  explanationTitles,
  GeometryName,
  geometryTitles,
  RetrievalName,
  retrievalTitles,
} from '../../protocol.ts';

export interface Explained {
  readonly name: string;
  readonly lines: readonly (readonly [label: string, text: string])[];
}

/** How each number of a report comes about; those that differ only in their direction together. */
export function explained({ forward, backward, geometry }: AlignmentReport): Explained[] {
  const retrieval = RetrievalName.options.filter((name) => forward?.measures[name] ?? backward?.measures[name]);
  const named = [
    ...retrieval.map((name) => [explanations[name], retrievalTitles[name]] as const),
    ...GeometryName.options
      .filter((name) => geometry[name])
      .map((name) => [explanations[name], geometryTitles[name]] as const),
  ];
  const namesOf = new Map<Explanation, string[]>();
  for (const [explanation, name] of named) namesOf.set(explanation, [...(namesOf.get(explanation) ?? []), name]);
  return [...namesOf].map(([explanation, names]) => ({
    name: names.join('; '),
    lines: explanationTitles.map(([line, title]) => [title, explanation[line]]),
  }));
}
