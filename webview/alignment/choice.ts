import type {
  AlignmentQuestion,
  EncodingRun,
  ExportFormat,
  Modality,
  ModalityPair,
  StoredSet,
} from '../../src/protocol.ts';
import { ask } from '../ui/host.ts';
import { dropdown } from '../ui/toolkit.ts';
import { modalityPairName } from '../ui/words.ts';

/** Chooses the two modalities to compare; nothing where there is no choice. */
export function modalityChoice(chosen: ModalityPair, choices: readonly ModalityPair[]): HTMLElement | undefined {
  if (choices.length < 2) return undefined;
  const list = choices.map((pair) => ({
    text: modalityPairName(pair),
    selected: pair.first === chosen.first && pair.second === chosen.second,
  }));
  return dropdown('modalities', 'Modalities', list, (index) => {
    const modalities = choices[index];
    if (modalities !== undefined) ask({ ask: 'showAlignment', modalities });
  });
}

type Way = Pick<AlignmentQuestion, 'space' | 'map'>;

const ways: readonly (Way & { readonly text: string })[] = [
  { space: 'auto', map: 'ridge', text: 'Shared space, else ridge map' },
  { space: 'shared', map: 'ridge', text: 'As they are: one shared space' },
  { space: 'mapped', map: 'ridge', text: 'Ridge map' },
  { space: 'mapped', map: 'procrustes', text: 'Rotation (Procrustes)' },
  { space: 'mapped', map: 'cca', text: 'Regularised CCA' },
];

/** Chooses how items of two modalities become comparable; a choice computes. */
export function wayChoice(question: AlignmentQuestion): HTMLElement {
  const list = ways.map(({ text, space, map }) => ({
    text,
    selected: space === question.space && map === question.map,
  }));
  return dropdown('way', 'How the modalities are compared', list, (index) => {
    const way = ways[index];
    if (way === undefined) return;
    ask({ ask: 'computeAlignment', question: { ...question, space: way.space, map: way.map } });
  });
}

/** Chooses the embedding set of a side, where there are several; a choice computes. */
export function encoderChoice(
  question: AlignmentQuestion,
  side: 'first' | 'second',
  sets: readonly StoredSet[],
  shown: string,
): HTMLElement | undefined {
  const modality = question.modalities[side];
  const own = sets.filter((set) => set.modality === modality);
  if (own.length < 2) return undefined;
  const list = own.map(({ name, dimensions }) => ({
    text: `${modality}: ${name} (${dimensions})`,
    selected: name === shown,
  }));
  return dropdown(`encoder-${side}`, `Embedding set of ${modality}`, list, (index) => {
    const name = own[index]?.name;
    if (name === undefined) return;
    const encoders = { ...question.encoders, [side]: name };
    ask({ ask: 'computeAlignment', question: { ...question, encoders } });
  });
}

/** Encodes both modalities by the network of a run, where there are such runs; a choice computes. */
export function runChoice(
  question: AlignmentQuestion,
  sets: readonly StoredSet[],
  runs: readonly EncodingRun[],
  shown: readonly string[],
): HTMLElement | undefined {
  const { first, second } = question.modalities;
  const own = runs.filter(({ source, target }) => [first, second].every((one) => one === source || one === target));
  if (own.length === 0) return undefined;
  const chosen = own.findIndex(({ run }) => shown.every((name) => name === run));
  const list = own.map(({ run }, at) => ({ text: `run: ${run}`, selected: at === chosen }));
  const none = { text: 'Encode by a run…', selected: chosen < 0 };
  return dropdown('run', 'Run whose network encodes both modalities', [none, ...list], (index) => {
    const run = own[index - 1];
    if (run === undefined) return;
    const stored = sets.filter(({ name }) => name === run.run).map(({ modality }) => modality);
    const encoderOf = (modality: Modality): string => (stored.includes(modality) ? run.run : run.folder);
    const encoders = { first: encoderOf(first), second: encoderOf(second) };
    ask({ ask: 'computeAlignment', question: { ...question, encoders } });
  });
}

const formats: readonly (readonly [ExportFormat, string])[] = [
  ['html', 'Page (HTML)'],
  ['markdown', 'Text (Markdown)'],
  ['csv', 'All pairs (CSV)'],
  ['json', 'Everything (JSON)'],
];

/** Writes the report to a file of a chosen format. */
export function exportChoice(): HTMLElement {
  const list = [{ text: 'Export…', selected: true }, ...formats.map(([, text]) => ({ text, selected: false }))];
  return dropdown('export', 'Export the report', list, (index) => {
    const format = formats[index - 1]?.[0];
    if (format !== undefined) ask({ ask: 'exportReport', format });
  });
}

export const untrustedSentence =
  'This workspace is in Restricted Mode, where PairLab computes nothing. Trust the workspace to compute alignment.';
