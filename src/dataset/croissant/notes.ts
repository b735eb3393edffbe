import type { Problem, ProblemKind, Severity } from '../../protocol.ts';

/** What is wrong with a description or with what it names; each thing once. */
export class Notes {
  readonly #file: string;
  readonly #add: (problem: Problem) => void;
  readonly #seen = new Set<string>();

  /** @param file the description, relative to the root */
  constructor(file: string, add: (problem: Problem) => void) {
    this.#file = file;
    this.#add = add;
  }

  /** @param id of the part of the description; empty for the whole @param fault a sentence that lacks its subject */
  add(kind: ProblemKind, severity: Severity, id: string, fault: string, items: string[] = []): void {
    const where = id === '' ? this.#file : `${this.#file}#${id}`;
    const subject = id === '' ? this.#file : `${this.#file}: ${id}`;
    const sentence = `${subject} ${fault}`;
    if (this.#seen.has(sentence)) return;
    this.#seen.add(sentence);
    this.#add({ kind, severity, where, sentence, items });
  }
}
