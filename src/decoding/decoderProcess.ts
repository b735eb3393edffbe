import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { EnvironmentError } from '../base/errors.ts';
import { programEnvironment, programPath } from '../base/programs.ts';
import { errorOf, type Fault } from './contents.ts';
import { MEMORY_GIGABYTES, OUT_OF_MEMORY } from './guard.ts';
import { Answer, type Task } from './tasks.ts';

/** JavaScript objects only; samples and pixels lie outside of this heap. */
const HEAP_MEGABYTES = 1024;
/** A process that holds more than this after a task is replaced: its allocator does not give the memory back. */
const SPENT_BYTES = 800e6;
const IDLE_MS = 5000;
const STDERR_CHARACTERS = 2000;

/** A task and who waits for it. */
export interface Assignment {
  readonly task: Task;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Processes that ended at it. */
  deaths: number;
}

/** How a process ended. */
export interface Ending {
  /** False for a process that ended before it could take a task. */
  readonly started: boolean;
  /** The task that it was at, and then those that waited behind it. */
  readonly assignments: readonly Assignment[];
  /** What the first task did to it. */
  readonly fault: Fault;
  /** True when another try would end in the same way. */
  readonly isFinal: boolean;
  /** What it last said on stderr. */
  readonly words: string;
}

/** One decoder, seen from its parent. It ends by itself when it has had nothing to do for a while. */
export class DecoderProcess {
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #limitSeconds: number;
  readonly #onAnswer: () => void;
  readonly #assignments: Assignment[] = [];
  #started = false;
  #hung = false;
  #closing = false;
  #words = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param limitSeconds the longest time that a task may take */
  constructor(limitSeconds: number, lowPriority: boolean, onAnswer: () => void) {
    this.#limitSeconds = limitSeconds;
    this.#onAnswer = onAnswer;
    this.#child = fork(programPath('decoder'), [], {
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      serialization: 'advanced',
      env: programEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    if (lowPriority && this.#child.pid !== undefined) setPriority(this.#child.pid, constants.priority.PRIORITY_LOW);
    this.#child.on('message', (sent) => this.#hear(sent));
    this.#child.on('error', (error) => this.#note(error.message));
    this.#child.stderr?.on('data', (chunk) => this.#note(String(chunk)));
    this.ended = this.#end();
  }

  /** Tasks that it has, with the one that it is at. */
  get load(): number {
    return this.#assignments.length;
  }

  /** False once it takes no more tasks. */
  get isOpen(): boolean {
    return !this.#closing;
  }

  give(assignment: Assignment): void {
    this.#assignments.push(assignment);
    if (this.load === 1) this.#startTimer();
    // A task that cannot be sent is among those that the ending names.
    this.#child.send(assignment.task, () => {});
  }

  /** Ends it at once, whatever it is doing. */
  kill(): void {
    this.#closing = true;
    this.#child.ref();
    this.#child.kill('SIGKILL');
  }

  #hear(sent: unknown): void {
    const { data: answer } = Answer.safeParse(sent);
    if (answer === undefined) this.kill();
    else if (answer.kind === 'ready') this.#started = true;
    else this.#settle(answer);
  }

  #settle(answer: Exclude<Answer, { kind: 'ready' }>): void {
    const assignment = this.#assignments.shift();
    if (answer.kind === 'value') assignment?.resolve(answer.value);
    else if (answer.kind === 'refusal') assignment?.reject(new EnvironmentError(answer.sentence));
    else assignment?.reject(errorOf(answer, assignment.task.location));
    if (answer.grown > SPENT_BYTES) this.#closing = true;
    if (this.#closing && this.load === 0) this.kill();
    else this.#startTimer();
    this.#onAnswer();
  }

  /** Limits the time of a task, and the time without one. An idle process does not keep its parent alive. */
  #startTimer(): void {
    clearTimeout(this.#timer);
    const isBusy = this.load > 0;
    for (const handle of [this.#child, this.#child.channel, this.#child.stderr]) {
      if (handle instanceof Socket || (handle && 'ref' in handle)) isBusy ? handle.ref() : handle.unref();
    }
    this.#timer = isBusy
      ? setTimeout(() => this.#stopHanging(), this.#limitSeconds * 1000)
      : setTimeout(() => this.kill(), IDLE_MS).unref();
  }

  #stopHanging(): void {
    this.#hung = true;
    this.kill();
  }

  #note(words: string): void {
    this.#words = (this.#words + words).slice(-STDERR_CHARACTERS);
  }

  /** All answers have been heard by then. */
  async #end(): Promise<Ending> {
    const endings = Promise.all([once(this.#child, 'close'), once(this.#child, 'disconnect')]);
    const how = await endings.then(
      ([[code, signal]]) => String(signal ?? `code ${code}`),
      () => 'it could not be started',
    );
    this.#closing = true;
    clearTimeout(this.#timer);
    const isTooLarge = this.#words.includes(OUT_OF_MEMORY);
    return {
      started: this.#started,
      assignments: this.#assignments,
      fault: this.#faultOf(how, isTooLarge),
      isFinal: this.#hung || isTooLarge,
      words: this.#words,
    };
  }

  #faultOf(how: string, isTooLarge: boolean): Fault {
    if (isTooLarge) {
      const fault = `needs more memory than the ${MEMORY_GIGABYTES} GB that decoding may take: make it smaller or delete it.`;
      return { problem: 'too-large', fault };
    }
    const fault = this.#hung
      ? `kept the decoder busy for ${this.#limitSeconds} s without an end: replace or delete it.`
      : `made the decoder stop (${how}): replace or delete it.`;
    return { problem: 'unreadable-media', fault };
  }
}
