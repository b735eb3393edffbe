import * as z from 'zod';
import { AlignmentReport } from './alignment.ts';
import { PairDetail } from './datasets.ts';
import { ReportView } from './experiments.ts';
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

export const AlignmentPageState = z.discriminatedUnion('status', [
  Loading,
  Failed,
  z.object({
    status: z.literal('empty'),
    dataset: z.string(),
    modalities: ModalityPair,
    choices: z.array(ModalityPair),
    trusted: z.boolean(),
  }),
  z.object({
    status: z.literal('ready'),
    dataset: z.string(),
    report: AlignmentReport,
    choices: z.array(ModalityPair),
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
  z.object({ page: z.literal('alignment'), dataset: z.string(), modalities: ModalityPair.optional() }),
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
  z.object({ ask: z.literal('computeAlignment'), modalities: ModalityPair }),
  z.object({ ask: z.literal('showAlignment'), modalities: ModalityPair }),
  z.object({ ask: z.literal('openReportFile'), format: z.enum(['json', 'markdown', 'html']) }),
]);
export type FromWebview = z.infer<typeof fromWebview>;
