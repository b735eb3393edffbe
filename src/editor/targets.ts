import * as vscode from 'vscode';
import * as z from 'zod';
import { Method, ModalityPair, Problem, ProblemKind } from '../protocol.ts';

/** What commands act on. Rows of the trees carry these fields themselves, so that menus can pass the row. */
export const DatasetTarget = z.object({ dataset: z.string() });
export const AlignmentTarget = z.object({ dataset: z.string(), modalities: ModalityPair.optional() });
export const PairTarget = z.object({ dataset: z.string(), pair: z.string() });
export const ProblemTarget = z.object({ dataset: z.string(), problem: Problem });
export const ProblemKindTarget = z.object({ dataset: z.string(), kind: ProblemKind });
export const ExperimentTarget = z.object({ experiment: z.string(), method: Method.optional() });
export const RunTarget = z.object({ run: z.string(), experiment: z.string() });

export type DatasetTarget = z.infer<typeof DatasetTarget>;
export type AlignmentTarget = z.infer<typeof AlignmentTarget>;
export type PairTarget = z.infer<typeof PairTarget>;
export type ProblemTarget = z.infer<typeof ProblemTarget>;
export type ProblemKindTarget = z.infer<typeof ProblemKindTarget>;
export type ExperimentTarget = z.infer<typeof ExperimentTarget>;
export type RunTarget = z.infer<typeof RunTarget>;

/** The argument of a command as a target; a file of the explorer or of an editor's title counts as `fileField`. */
export function targetIn<S extends z.ZodType>(
  schema: S,
  argument: unknown,
  fileField?: string,
): z.infer<S> | undefined {
  const value = argument instanceof vscode.Uri && fileField !== undefined ? { [fileField]: argument.fsPath } : argument;
  return schema.safeParse(value).data;
}

export function isExperimentFile(path: string): boolean {
  return path.endsWith('.experiment.yaml');
}
