import * as z from 'zod';

export const Modality = z.enum(['image', 'audio', 'text']);
export type Modality = z.infer<typeof Modality>;

export const Strength = z.enum(['strong', 'weak']);
export type Strength = z.infer<typeof Strength>;

export const Severity = z.enum(['error', 'warning', 'information']);
export type Severity = z.infer<typeof Severity>;

export const ProblemKind = z.enum([
  'missing-counterpart',
  'missing-file',
  'ambiguous-pairing',
  'exact-duplicate',
  'near-duplicate',
  'split-leak',
  'unreadable-media',
  'wrong-extension',
  'empty-item',
  'missing-text',
  'silent',
  'clipped',
  'single-colour',
  'too-short',
  'too-small',
  'too-large',
  'unsupported-format',
  'outside-root',
  'bad-row',
  'broken-archive',
  'returning-key',
  'mixed-fields',
  'bad-vector',
  'class-imbalance',
  'absent-class',
  'name-differs',
  'checksum-differs',
  'stale-decision',
  'dropped-by-hugging-face',
  'not-part-of-layout',
]);
export type ProblemKind = z.infer<typeof ProblemKind>;

/** What a kind of problem is called on a screen. */
export const problemTitles: Readonly<Record<ProblemKind, string>> = {
  'missing-counterpart': 'Item in no pair',
  'missing-file': 'Missing file',
  'ambiguous-pairing': 'Ambiguous pairing',
  'exact-duplicate': 'Exact duplicate',
  'near-duplicate': 'Near-duplicate',
  'split-leak': 'Leak between splits',
  'unreadable-media': 'Unreadable media',
  'wrong-extension': 'Wrong extension',
  'empty-item': 'Empty item',
  'missing-text': 'Missing text',
  silent: 'Silent sound',
  clipped: 'Clipped sound',
  'single-colour': 'Picture of a single colour',
  'too-short': 'Sound too short',
  'too-small': 'Picture too small',
  'too-large': 'Item too large',
  'unsupported-format': 'Format not supported',
  'outside-root': 'Outside the root',
  'bad-row': 'Unusable row',
  'broken-archive': 'Broken archive',
  'returning-key': 'Key that comes again',
  'mixed-fields': 'Fields that differ',
  'bad-vector': 'Unusable vector',
  'class-imbalance': 'Class imbalance',
  'absent-class': 'Absent class',
  'name-differs': 'Name that differs',
  'checksum-differs': 'Checksum that differs',
  'stale-decision': 'Decision that fits nothing',
  'dropped-by-hugging-face': 'Dropped by Hugging Face',
  'not-part-of-layout': 'Not part of the layout',
};

/** What would mend a problem: items to leave out by a decision, or a file to rename. */
export const Fix = z.object({
  /** As the user reads it: "Exclude b.png and its pairs". */
  title: z.string(),
  exclude: z.array(z.string()).optional(),
  rename: z.object({ from: z.string(), to: z.string() }).optional(),
});
export type Fix = z.infer<typeof Fix>;

/** Something wrong found at indexing. */
export const Problem = z.object({
  kind: ProblemKind,
  severity: Severity,
  /** Path relative to the dataset's root, with `#row` for a row of a table. */
  where: z.string(),
  /** What is wrong, where, and what to do: one sentence. */
  sentence: z.string(),
  /** Ids of the items concerned. */
  items: z.array(z.string()),
  fix: Fix.optional(),
});
export type Problem = z.infer<typeof Problem>;

/** What a decision is about. One about an item holds for every pair that the item takes part in. */
export const Target = z.union([z.object({ pair: z.string() }), z.object({ item: z.string() })]);
export type Target = z.infer<typeof Target>;

/** What a person can decide about pairs and items. It goes to the dataset's `.exclusions.jsonl`. */
export const Decision = z.discriminatedUnion('decision', [
  /** Leave out of, or take back into, all later steps. */
  z.object({ decision: z.literal('exclude') }),
  z.object({ decision: z.literal('include') }),
  z.object({ decision: z.literal('weak') }),
  z.object({ decision: z.literal('strong') }),
  /** The right class. About a pair it holds for its two items, and so for their other pairs. */
  z.object({ decision: z.literal('class'), value: z.string().min(1) }),
  /** The right text, of a text item. The file stays as it is. */
  z.object({ decision: z.literal('text'), value: z.string().min(1) }),
  z.object({ decision: z.literal('note'), value: z.string().min(1) }),
]);
export type Decision = z.infer<typeof Decision>;

/** Two modalities that pair, in the order of the dataset file. */
export const ModalityPair = z.object({ first: Modality, second: Modality });
export type ModalityPair = z.infer<typeof ModalityPair>;
