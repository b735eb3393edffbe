import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { EnvironmentError, InputError } from '../../base/errors.ts';
import { programEnvironment } from '../../base/programs.ts';
import { ModelAnswer, type ModelMedia, type ModelRequest, type Vectors } from './messages.ts';

const STDERR_CHARACTERS = 2000;

/** The process of a model ended by itself: its native runtime crashed, or the system ended it for its memory. */
export class ModelLost extends EnvironmentError {}

/** What a model process is started with. */
export interface Opening {
  /** Of the program. */
  readonly script: string;
  readonly args: readonly string[];
  readonly request: Extract<ModelRequest, { kind: 'open' }>;
}

/** A model in a process of its own, seen from its parent: a crash of the native runtime is a {@link ModelLost}. */
export class ModelProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  /** How it ended. */
  readonly #ended: Promise<string>;
  #words = '';
  #isShared = false;

  /** Starts the process and opens the model. Throws {@link InputError}, {@link EnvironmentError} and {@link ModelLost}. */
  static async open(opening: Opening, signal: AbortSignal | undefined): Promise<ModelProcess> {
    const { request } = opening;
    const process = new ModelProcess(opening, signal);
    try {
      const answer = await process.#ask(request);
      if (answer.kind !== 'opened') throw new InputError(`${request.folder} cannot be used: ${sentenceOf(answer)}`);
      process.#isShared = answer.isShared;
      return process;
    } catch (error) {
      process.close();
      throw error;
    }
  }

  private constructor({ script, args, request }: Opening, signal: AbortSignal | undefined) {
    this.#folder = request.folder;
    this.#child = fork(script, args, {
      serialization: 'advanced',
      env: programEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.on('error', (error) => this.#note(error.message));
    this.#child.stderr?.on('data', (chunk) => this.#note(String(chunk)));
    this.#ended = once(this.#child, 'close').then(
      ([code, by]) => String(by ?? `code ${code}`),
      () => 'it could not be started',
    );
    signal?.addEventListener('abort', () => this.close(), { once: true });
    if (signal?.aborted) this.close();
  }

  /** True for vectors in the space that the two sides of the model share. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /** Throws {@link InputError} when the model cannot encode these items, and {@link ModelLost}. */
  async encode(media: readonly ModelMedia[]): Promise<Vectors> {
    const answer = await this.#ask({ kind: 'encode', media: [...media] });
    if (answer.kind === 'vectors') return answer;
    throw new InputError(sentenceOf(answer));
  }

  /** Ends it at once, whatever it is doing. */
  close(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask(request: ModelRequest): Promise<ModelAnswer> {
    const listening = new AbortController();
    try {
      const answered = once(this.#child, 'message', listening);
      // Given up below when the process ended instead.
      answered.catch(() => {});
      // What cannot be sent is answered by the end of the process.
      this.#child.send(request, () => {});
      const [sent] = await Promise.race([answered, this.#ended.then((how) => this.#lost(how))]);
      const answer = ModelAnswer.parse(sent);
      if (answer.kind === 'refusal') throw new EnvironmentError(answer.sentence);
      return answer;
    } finally {
      listening.abort();
    }
  }

  #lost(how: string): never {
    const words = this.#words.trim().split('\n').at(-1) ?? '';
    throw new ModelLost(
      `The process that runs ${this.#folder} ended (${how})${words === '' ? '' : `: ${words}`}. The model may need more memory than there is, or its runtime may not fit this machine.`,
    );
  }

  #note(words: string): void {
    this.#words = (this.#words + words).slice(-STDERR_CHARACTERS);
  }
}

function sentenceOf(answer: ModelAnswer): string {
  return 'sentence' in answer ? answer.sentence : `it answered "${answer.kind}"`;
}
