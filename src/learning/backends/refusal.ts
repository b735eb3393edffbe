import { EnvironmentError } from '../../base/errors.ts';

/** A backend that cannot be used on this machine: why, and what to do about it. */
export class BackendRefusal extends EnvironmentError {
  readonly reason: string;
  readonly next: string | undefined;

  /** Both are whole sentences. */
  constructor(reason: string, next?: string, cause?: unknown) {
    super(next === undefined ? reason : `${reason} ${next}`, cause);
    this.reason = reason;
    this.next = next;
  }
}
