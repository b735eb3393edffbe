import { errorCode, InputError } from '../base/errors.ts';

type ContainerProblemKind = 'missing-file' | 'unreadable-media' | 'unsupported-format' | 'too-large' | 'broken-archive';

/** Bytes that cannot be had from where they should lie. The kind becomes the kind of the problem at indexing. */
export class ContainerError extends InputError {
  readonly problem: ContainerProblemKind;
  /** What is wrong and what to do, as a sentence that lacks its subject, the file: "is cut: …". */
  readonly fault: string;

  constructor(problem: ContainerProblemKind, path: string, fault: string, cause?: unknown) {
    super(`${path} ${fault}`, cause);
    this.problem = problem;
    this.fault = fault;
  }
}

/**
 * What a decoder throws at bytes that may be in order but are of a kind that is not read.
 * The message is what they are: "its pages are compressed by LZO".
 */
export class NotRead extends Error {}

/** Gives what the file system threw a sentence; anything else stays as it is. */
export function explainOpening(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (error instanceof ContainerError || code === undefined) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ContainerError('missing-file', path, 'is not there any more: restore it or index again.', error);
  }
  return new ContainerError('unreadable-media', path, `cannot be opened (${code}): check its permissions.`, error);
}

/** Runs a decoder, which may stumble over a damaged file in any way. Throws {@link ContainerError}. */
export async function decoding<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (error instanceof NotRead) {
      const fault = `cannot be used: ${error.message}, which is not read. Save it otherwise.`;
      throw new ContainerError('unsupported-format', path, fault, error);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new ContainerError('unreadable-media', path, `is damaged: ${reason}. Copy or export it again.`, error);
  }
}
