import type { ProgressStep } from '../base/progress.ts';

const WIDTH = 24;
const INTERVAL_MS = 100;

/**
 * Progress on stderr: a bar that redraws itself in a terminal, a line a stage elsewhere (logs, CI). Nothing at all when
 * `quiet`.
 */
export class ProgressBar {
  #stage = '';
  #last = 0;
  readonly #stream: NodeJS.WriteStream;
  readonly #quiet: boolean;

  constructor(stream: NodeJS.WriteStream, quiet: boolean) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  show(step: ProgressStep): void {
    if (this.#quiet) return;
    const newStage = step.stage !== this.#stage;
    const complete = step.total !== undefined && step.done >= step.total;
    if (!this.#stream.isTTY) {
      if (newStage) this.#stream.write(`${step.stage} …\n`);
      this.#stage = step.stage;
      return;
    }
    if (newStage && this.#stage !== '') this.#stream.write('\n');
    const now = Date.now();
    if (!newStage && !complete && now - this.#last < INTERVAL_MS) return;
    this.#stage = step.stage;
    this.#last = now;
    this.#stream.write(`\r\u001b[K${drawBar(step)}`);
  }

  /** Leaves the cursor on a fresh line. Call before anything else is printed. */
  finish(): void {
    if (!this.#quiet && this.#stream.isTTY && this.#stage !== '') this.#stream.write('\n');
    this.#stage = '';
  }
}

function drawBar({ stage, done, total }: ProgressStep): string {
  if (total === undefined || total === 0) return `${stage}  ${done.toLocaleString('en')}`;
  const filled = Math.round((WIDTH * Math.min(done, total)) / total);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  return `${bar}  ${stage}  ${done.toLocaleString('en')} / ${total.toLocaleString('en')}`;
}
