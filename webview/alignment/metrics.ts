import type { AlignmentReport, Metric, Retrieval } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { decimal, percent, rank } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';
import { direction } from '../ui/words.ts';
import { meter } from './meter.ts';
import { geometrySentences, retrievalSentences } from './sentences.ts';

type RetrievalName = keyof Retrieval['chance'];

const retrievalTitles: Record<RetrievalName, string> = {
  recall1: 'Recall@1',
  recall5: 'Recall@5',
  recall10: 'Recall@10',
  medianRank: 'Median rank',
  meanReciprocalRank: 'Mean reciprocal rank',
};

/** Recall@k, median rank and MRR, both ways side by side. */
export function retrievalTable({ forward, backward, relevance }: AlignmentReport): HTMLElement {
  const names = Object.keys(retrievalTitles) as RetrievalName[];
  return table(
    'Retrieval in both directions, with what chance would give',
    [
      { title: 'Metric' },
      { title: direction(forward.from, forward.to), name: 'value' },
      { title: direction(backward.from, backward.to), name: 'value' },
      { title: 'Better', name: 'better' },
    ],
    names.map((name) => [
      metricName(retrievalTitles[name], retrievalSentences(relevance)[name]),
      retrievalValue(name, forward),
      retrievalValue(name, backward),
      name === 'medianRank' ? 'lower' : 'higher',
    ]),
  );
}

function retrievalValue(name: RetrievalName, result: Retrieval): HTMLElement {
  const value = result[name];
  const chance = result.chance[name];
  if (name === 'medianRank') {
    const scale = Math.max(1, result.candidates);
    return measured(rank(value), rank(chance), value / scale, chance / scale);
  }
  const text = name === 'meanReciprocalRank' ? decimal : percent;
  return measured(text(value), text(chance), value, chance);
}

/** Metrics of the two spaces as they are. */
export function geometryTable(report: AlignmentReport): HTMLElement {
  const { linearCka, debiasedCka, mutualKnn, modalityGap } = report;
  // The gap of two clouds on the unit sphere is at most 2, all others at most 1.
  const rows: [string, string, Metric, number][] = [
    ['Linear CKA', geometrySentences.linearCka, linearCka, 1],
    ['Debiased CKA', geometrySentences.debiasedCka, debiasedCka, 1],
    [`Mutual ${mutualKnn.neighbours}-NN`, geometrySentences.mutualKnn, mutualKnn, 1],
    ['Modality gap', geometrySentences.modalityGap, modalityGap, 2],
  ];
  return table(
    'Geometry of the two embedding sets, with what chance would give',
    [{ title: 'Metric' }, { title: 'Value', name: 'value' }, { title: 'Better', name: 'better' }],
    rows.map(([title, sentence, { value, chance, better }, scale]) => [
      metricName(title, sentence),
      measured(
        decimal(value),
        chance === undefined ? undefined : decimal(chance),
        value / scale,
        chance === undefined ? undefined : chance / scale,
      ),
      better,
    ]),
  );
}

function metricName(title: string, sentence: string): HTMLElement {
  return element('span', {}, title, element('span', { class: 'sentence muted' }, sentence));
}

function measured(value: string, chance: string | undefined, filled: number, mark: number | undefined): HTMLElement {
  return element(
    'div',
    { class: 'measured' },
    element('span', { class: 'figure' }, value),
    meter(filled, mark),
    element('span', { class: 'chance muted' }, chance === undefined ? '' : `chance ${chance}`),
  );
}
