import type { TestContext } from 'vitest';
import { findTransformers } from '../../../../src/embedding/onnx/transformers.ts';

/** Skips a test, with the reason, where the optional package that runs ONNX models is not there. */
export function needsPeer({ skip }: TestContext): void {
  try {
    findTransformers(undefined);
  } catch {
    skip('@huggingface/transformers is not here: `npm run test:onnx` installs it and runs this');
  }
}
