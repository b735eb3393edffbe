import type { TextTable } from '../../base/document/textTable.ts';
import {
  type AlignmentReport,
  type Breakdown,
  GeometryName,
  geometryTitles,
  type Measured,
  type Retrieval,
  RetrievalName,
  retrievalTitles,
} from '../../protocol.ts';

/** Retrieval both ways: a row a number, with its interval and what chance would give. */
export function retrievalRows({ forward, backward }: AlignmentReport): TextTable {
  const directions = [forward, backward].flatMap((direction) => direction ?? []);
  return {
    header: ['retrieval', ...directions.flatMap(({ from, to }) => [`${from} → ${to}`, 'by chance'])],
    rows: RetrievalName.options
      .filter((name) => directions.some(({ measures }) => measures[name] !== undefined))
      .map((name) => [
        retrievalTitles[name],
        ...directions.flatMap(({ measures }) => {
          const write = retrievalWriter(name);
          return [withInterval(measures[name], write), chanceOf(measures[name], write)];
        }),
      ]),
  };
}

/** The other numbers, with what chance would give and which way is better. */
export function geometryRows({ geometry }: AlignmentReport): TextTable {
  const names = GeometryName.options.filter((name) => geometry[name] !== undefined);
  return {
    header: ['metric', 'value', 'by chance', 'better'],
    rows: names.map((name) => {
      const measured = geometry[name];
      const better = measured !== undefined && 'better' in measured ? measured.better : '';
      return [geometryTitles[name], withInterval(measured, decimal), chanceOf(measured, decimal), better];
    }),
  };
}

export function breakdownRows({ by, rows }: Breakdown, report: AlignmentReport): TextTable {
  const { forward, backward } = report;
  const way = (direction: Retrieval | undefined): string => `recall@1 ${direction?.from} → ${direction?.to}`;
  return {
    header: [by, 'pairs', way(forward), way(backward), 'margin', mismatchWord(report)],
    rows: rows.map((row) => [
      row.value === '' ? 'none' : row.value,
      row.pairs.toLocaleString('en'),
      percent(row.recallForward),
      percent(row.recallBackward),
      decimal(row.margin),
      row.expectedWrong.toFixed(1),
    ]),
  };
}

export function suspiciousRows(report: AlignmentReport): TextTable {
  const { suspicious, question } = report;
  const { first, second } = question.modalities;
  return {
    header: ['pair', 'class', mismatchWord(report), 'similarity', 'margin', `rank → ${second}`, `rank → ${first}`],
    rows: suspicious.map((pair) => [
      pair.pair,
      pair.class ?? '',
      percent(pair.mismatch),
      decimal(pair.similarity),
      decimal(pair.margin),
      String(pair.rankForward),
      String(pair.rankBackward),
    ]),
  };
}

/** What share of the most suspicious pairs is known to be wrong; no table where nobody said which are. */
export function knownRows({ known }: AlignmentReport): TextTable | undefined {
  if (known === undefined) return undefined;
  return {
    header: ['most suspicious', 'known to be wrong'],
    rows: known.precision.map(({ among, share }) => [among.toLocaleString('en'), percent(share)]),
  };
}

/** What the probability of a pair means. */
function mismatchWord({ mismatches }: AlignmentReport): string {
  return mismatches?.standOut === true ? 'probably wrong' : 'like strangers';
}

/** The two embedding sets side by side. */
export function setRows({ sets, question }: AlignmentReport): TextTable {
  const both = [sets.first, sets.second];
  const row = (title: string, write: (set: (typeof both)[number]) => string): string[] => [title, ...both.map(write)];
  return {
    header: ['vectors', question.modalities.first, question.modalities.second],
    rows: [
      row('encoder', ({ encoder }) => encoder),
      row('dimensions', ({ dimensions }) => String(dimensions)),
      row('rows', ({ rows }) => rows.toLocaleString('en')),
      row('not finite', ({ notFinite }) => String(notFinite)),
      row('all zero', ({ zero }) => String(zero)),
      row('repeated', ({ duplicates }) => String(duplicates)),
      row('length (median)', ({ norms }) => decimal(norms.median)),
      row('effective rank', ({ effectiveRank }) => effectiveRank.toFixed(1)),
    ],
  };
}

/** What a report is about, in two sentences. */
export function subjectOf({ pairs, strength, question, comparison, folds, relevance }: AlignmentReport): string {
  const { first, second } = question.modalities;
  const how =
    comparison.space === 'shared'
      ? 'compared in the space that their vectors share'
      : `compared after a linear map (${comparison.map}) fitted on other pairs, ${folds} folds`;
  const match = relevance === 'class' ? 'any item of the same class' : 'the very partner';
  return `${pairs.toLocaleString('en')} ${strength} pairs of ${first} and ${second}, ${how}. A match is ${match}.`;
}

function retrievalWriter(name: RetrievalName): (value: number) => string {
  if (name.startsWith('recall')) return percent;
  return name === 'medianRank' || name === 'meanRank' ? (value) => String(Math.round(value * 10) / 10) : decimal;
}

function withInterval(measured: Measured | undefined, write: (value: number) => string): string {
  if (measured === undefined) return '';
  if ('missing' in measured) return measured.missing;
  const { value, interval } = measured;
  return interval === undefined ? write(value) : `${write(value)} (${write(interval[0])} – ${write(interval[1])})`;
}

function chanceOf(measured: Measured | undefined, write: (value: number) => string): string {
  return measured === undefined || 'missing' in measured || measured.chance === undefined ? '' : write(measured.chance);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function decimal(value: number): string {
  return value.toFixed(3);
}
