import type { AlignmentReport, Retrieval } from '../../src/protocol.ts';
import { type RankDirection, rankHistogram } from '../ui/charts/rankHistogram.ts';
import { savable } from '../ui/saveButtons.ts';
import { direction } from '../ui/words.ts';

interface Options {
  /** The report whose histogram stands beside it: both have the same axes. */
  readonly beside?: AlignmentReport;
  /** Tells the names of its files from those of the other. */
  readonly ending?: string;
}

/** At which ranks items find their matches, with buttons that save it; nothing before they are ranked. */
export function drawHistogram(report: AlignmentReport, { beside, ending = '' }: Options = {}): HTMLElement | undefined {
  const [up, down] = ranksOf(report);
  if (up === undefined || down === undefined) return undefined;
  const chart = rankHistogram(up, down, beside && ranksOf(beside));
  return savable(`ranks${ending}`, 'rank histogram', chart);
}

function ranksOf({ forward, backward }: AlignmentReport): RankDirection[] {
  return [forward, backward].flatMap((way) => (way === undefined ? [] : [inDirection(way)]));
}

function inDirection({ from, to, histogram, candidates }: Retrieval): RankDirection {
  return {
    name: direction(from, to),
    counts: histogram.map(({ queries }) => queries),
    chance: histogram.map(({ chance }) => chance),
    candidates,
  };
}
