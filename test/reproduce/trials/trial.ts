import type * as z from 'zod';
import type { LearningData } from '../../../src/learning/data.ts';
import type { Finding } from '../finding.ts';

/** A statement about the methods themselves, measured on a dataset's data instead of read from experiments. */
export interface Trial {
  readonly id: string;
  readonly statement: string;
  /** What was found, as it is stored. */
  measure(data: LearningData): Promise<unknown>;
  /** Throws where what was stored is of another version. */
  judge(stored: unknown): Finding;
}

interface Parts<Evidence> {
  readonly id: string;
  readonly statement: string;
  readonly evidence: z.ZodType<Evidence>;
  readonly measure: (data: LearningData) => Promise<Evidence>;
  readonly judge: (evidence: Evidence) => Finding;
}

export function trial<Evidence>({ evidence, judge, ...rest }: Parts<Evidence>): Trial {
  return { ...rest, judge: (stored) => judge(evidence.parse(stored)) };
}
