import * as z from 'zod';
import {
  AlignmentMap,
  AlignmentQuestion,
  AlignmentReport,
  EncodingRun,
  ExportFormat,
  Projection,
  ScoredPair,
  ScoredPairsQuery,
  StoredReport,
  StoredSet,
} from './alignment.ts';
import { PairDetail } from './datasets.ts';
import { Method, ReportFormat, ReportView } from './experiments.ts';
import { ModalityPair } from './words.ts';

const Loading = z.object({
  status: z.literal('loading'),
  stage: z.string(),
  done: z.number().optional(),
  total: z.number().optional(),
});
const Failed = z.object({ status: z.literal('failed'), sentence: z.string() });

export const PairPageState = z.discriminatedUnion('status', [
  Loading,
  Failed,
  z.object({
    status: z.literal('ready'),
    dataset: z.string(),
    detail: PairDetail,
    /** Whether decisions may be noted down. */
    trusted: z.boolean(),
  }),
]);
export type PairPageState = z.infer<typeof PairPageState>;

const Place = z.object({ x: z.number(), y: z.number() });

/** How a person left the map of a report, in units of the map. */
export const MapView = z.object({
  report: z.string(),
  projection: Projection,
  /** What lies in the middle, and how far it is zoomed in from where all of it is in sight; absent where all is. */
  sight: Place.extend({ zoom: z.number().positive() }).optional(),
  /** The corners around what was chosen. */
  outline: z.array(Place).optional(),
});
export type MapView = z.infer<typeof MapView>;

/** How a person left the alignment page; kept over a reload of the window. */
export const AlignmentView = z.object({
  tab: z.enum(['overview', 'map', 'pairs', 'classes', 'sets']).default('overview'),
  colour: z.enum(['modality', 'class', 'split', 'rank', 'mismatch']).default('modality'),
  projection: Projection.default('pca'),
  /** Of the maps that were looked at last. */
  maps: z.array(MapView).default([]),
  /** Where the page of pairs begins that was looked at last, and of which report. */
  pairs: z.object({ report: z.string(), offset: z.int().nonnegative() }).optional(),
});
export type AlignmentView = z.infer<typeof AlignmentView>;

/** Some pairs of a report with what they hold and what was decided about them. */
export const PairList = z.object({
  query: ScoredPairsQuery,
  total: z.number(),
  rows: z.array(z.object({ scored: ScoredPair, detail: PairDetail.optional() })),
});
export type PairList = z.infer<typeof PairList>;

export const AlignmentPageState = z.discriminatedUnion('status', [
  Loading,
  Failed,
  z.object({
    status: z.literal('empty'),
    dataset: z.string(),
    question: AlignmentQuestion,
    choices: z.array(ModalityPair),
    trusted: z.boolean(),
  }),
  z.object({
    status: z.literal('ready'),
    dataset: z.string(),
    report: AlignmentReport,
    /** The numbers before the person's last decision. */
    before: AlignmentReport.optional(),
    /** The report that it is compared with, side by side. */
    other: AlignmentReport.optional(),
    stored: z.array(StoredReport),
    /** What the two modalities can be compared by. */
    sets: z.array(StoredSet),
    /** By whose networks both modalities can be encoded. */
    runs: z.array(EncodingRun),
    choices: z.array(ModalityPair),
    /** Why the numbers are not of the data as they are now. */
    outdated: z.string().optional(),
    /** Of the report and of the other, as far as the page asked for them. */
    maps: z.array(AlignmentMap),
    /** Of the map that was asked for last, where it could not be drawn: why, in a sentence. */
    mapFailure: z.object({ report: z.string(), projection: Projection, sentence: z.string() }).optional(),
    /** Of the report, or still of the one before. */
    list: PairList.optional(),
    view: AlignmentView,
    trusted: z.boolean(),
  }),
]);
export type AlignmentPageState = z.infer<typeof AlignmentPageState>;

export const RunsPageState = z.discriminatedUnion('status', [
  Loading,
  Failed,
  z.object({ status: z.literal('ready'), view: ReportView }),
]);
export type RunsPageState = z.infer<typeof RunsPageState>;

/**
 * What a panel shows, by absolute paths. A page hands it to `setState` unread and whole; the editor gets it back when it
 * restores the panel after a reload.
 */
export const Shown = z.discriminatedUnion('page', [
  z.object({ page: z.literal('pair'), dataset: z.string(), pair: z.string() }),
  z.object({
    page: z.literal('alignment'),
    dataset: z.string(),
    modalities: ModalityPair.optional(),
    /** The stored reports that the person chose to see, to see beside it, and that a decision has made old. */
    report: z.string().optional(),
    other: z.string().optional(),
    before: z.string().optional(),
    view: AlignmentView.optional(),
  }),
  z.object({ page: z.literal('runs'), experiment: z.string() }),
]);
export type Shown = z.infer<typeof Shown>;

/** The host sends a page its whole state; a page keeps nothing that it cannot rebuild from it. */
export const toWebview = z.discriminatedUnion('page', [
  z.object({ page: z.literal('pair'), shown: Shown, state: PairPageState }),
  z.object({ page: z.literal('alignment'), shown: Shown, state: AlignmentPageState }),
  z.object({ page: z.literal('runs'), shown: Shown, state: RunsPageState }),
]);
export type ToWebview = z.infer<typeof toWebview>;

/** What a person can do about the pair that a page shows. */
export const DecisionAsk = z.enum(['exclude', 'include', 'weak', 'strong', 'class', 'text', 'note']);
export type DecisionAsk = z.infer<typeof DecisionAsk>;

/** What a page asks of the editor. Untrusted input there. */
export const fromWebview = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('ready') }),
  z.object({ ask: z.literal('retry') }),
  z.object({ ask: z.literal('cancel') }),
  z.object({ ask: z.literal('showPair'), pair: z.string() }),
  z.object({ ask: z.literal('openItem'), item: z.string() }),
  /** The editor asks for what is missing: the class, the text. */
  z.object({ ask: z.literal('decide'), what: DecisionAsk }),
  /** Of a problem by its place in the page's list. */
  z.object({ ask: z.literal('applyFix'), problem: z.number() }),
  z.object({ ask: z.literal('computeAlignment'), question: AlignmentQuestion }),
  z.object({ ask: z.literal('showAlignment'), modalities: ModalityPair }),
  z.object({ ask: z.literal('showReport'), report: z.string() }),
  /** Beside another report; without one, by itself again. */
  z.object({ ask: z.literal('compareReport'), report: z.string().optional() }),
  z.object({ ask: z.literal('showMap'), report: z.string(), projection: Projection }),
  z.object({ ask: z.literal('listPairs'), query: ScoredPairsQuery }),
  z.object({ ask: z.literal('keepView'), view: AlignmentView }),
  /** Of a pair in a list. `fine` notes that somebody looked at it. */
  z.object({ ask: z.literal('judgePair'), pair: z.string(), verdict: z.enum(['exclude', 'include', 'weak', 'fine']) }),
  z.object({ ask: z.literal('undoDecision') }),
  z.object({ ask: z.literal('exportReport'), format: ExportFormat }),
  /** A picture of a part of the page, to be saved where the person says. */
  z.object({
    ask: z.literal('saveFigure'),
    name: z.string(),
    format: z.enum(['svg', 'png']),
    /** Base64. */
    bytes: z.string(),
  }),
  z.object({ ask: z.literal('openReportFile'), format: ReportFormat }),
  /** Compares every other method with this one. */
  z.object({ ask: z.literal('compareWith'), reference: Method }),
]);
export type FromWebview = z.infer<typeof fromWebview>;
