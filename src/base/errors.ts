/**
 * Every failure that a user can meet is one of these classes. The message is a whole sentence for the user: what is
 * wrong, where, and what to do. The technical reason goes into `cause`.
 */
export abstract class PairLabError extends Error {
  /** Stable name that crosses a process boundary. */
  abstract readonly kind: 'input' | 'environment' | 'cancelled';

  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
  }
}

/** What the user gave us cannot be used: a file, a setting, an argument. */
export class InputError extends PairLabError {
  readonly kind = 'input';
}

/** The machine refused: full disk, missing permission, dead process, no backend. */
export class EnvironmentError extends PairLabError {
  readonly kind = 'environment';
}

/** The user (or a closing window) asked to stop. Nothing is wrong and nothing was lost. */
export class CancelledError extends PairLabError {
  readonly kind = 'cancelled';

  constructor(sentence = 'Stopped as asked.') {
    super(sentence);
  }
}

/** Throws {@link CancelledError} once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

/** One sentence for the user, whatever was thrown. */
export function toSentence(error: unknown): string {
  if (error instanceof PairLabError) return error.message;
  const reason = error instanceof Error ? error.message : String(error);
  return `PairLab failed in a way it did not expect: ${reason}. Please report this with the log.`;
}

const SYSTEM_SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space and run the command again; what was already written is intact.',
  EDQUOT: 'The disk quota is used up. Free some space and run the command again; what was already written is intact.',
  EACCES: 'Permission was denied. Check who owns the folder and run the command again.',
  EPERM: 'The operating system did not permit this. Check the permissions of the folder.',
  EROFS: 'The file system is read-only. Choose a folder that can be written.',
  EMFILE: 'Too many files are open. Raise the limit (`ulimit -n`) and run the command again.',
};

/** Gives a file-system error its sentence, naming the path; anything else is returned as it is. */
export function explainFileError(error: unknown, path: string): unknown {
  const code = errorCode(error);
  const advice = code === undefined ? undefined : SYSTEM_SENTENCES[code];
  return advice === undefined ? error : new EnvironmentError(`Could not write ${path}. ${advice}`, error);
}

/** The `code` of a Node system error (`ENOENT`, `ENOSPC`, …), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
