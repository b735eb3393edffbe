import { InputError, throwIfCancelled } from '../../base/errors.ts';
import { faultOfVector, faultText } from '../../dataset/formats/vectorItems.ts';
import type { ModelMedia, Vectors } from './messages.ts';
import { ModelLost, ModelProcess, type Opening } from './modelProcess.ts';

/** So many items in a row without a vector are the fault of the model, or of the machine. */
const MAX_FAILURES = 16;
const MAX_LOSSES = 3;

/** The vector of an item, or why it has none, as the end of a sentence. */
export type Outcome = Float32Array | string;

/** A model that is started when it is needed, and again when its process ended at an item. */
export class ModelRunner {
  readonly #opening: Opening;
  readonly #signal: AbortSignal | undefined;
  #process: ModelProcess | undefined;
  #isShared = false;
  #failures = 0;
  #losses = 0;

  constructor(opening: Opening, signal: AbortSignal | undefined) {
    this.#opening = opening;
    this.#signal = signal;
  }

  /** True for vectors in a space that the two sides of the model share; known once something was encoded. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /**
   * One outcome for each item. Items that cannot be encoded together are encoded one by one. Throws {@link InputError}
   * when the model cannot be opened or fails for item after item, and {@link ModelLost} when its process ends at
   * item after item, and `CancelledError`.
   */
  async encode(media: readonly ModelMedia[]): Promise<Outcome[]> {
    if (media.length === 0) return [];
    const together = await this.#attempt(media);
    if (!(together instanceof Error)) return together;
    const outcomes: Outcome[] = [];
    for (const one of media) outcomes.push(await this.#encodeAlone(one));
    return outcomes;
  }

  close(): void {
    this.#process?.close();
  }

  async #encodeAlone(media: ModelMedia): Promise<Outcome> {
    const outcomes = await this.#attempt([media]);
    if (!(outcomes instanceof Error)) {
      [this.#failures, this.#losses] = [0, 0];
      return outcomes[0] ?? 'got no vector';
    }
    if (outcomes instanceof ModelLost) {
      if (++this.#losses < MAX_LOSSES) return 'made the process of the model end';
      throw outcomes;
    }
    if (++this.#failures < MAX_FAILURES) return `cannot be encoded by the model (${outcomes.message})`;
    const { folder } = this.#opening.request;
    throw new InputError(
      `${folder} failed for ${MAX_FAILURES} items in a row. The reason of the last one: ${outcomes.message}.`,
      outcomes,
    );
  }

  /** What may be the fault of an item is given back; everything else is thrown. */
  async #attempt(media: readonly ModelMedia[]): Promise<Outcome[] | InputError | ModelLost> {
    throwIfCancelled(this.#signal);
    this.#process ??= await ModelProcess.open(this.#opening, this.#signal);
    this.#isShared = this.#process.isShared;
    try {
      return outcomesOf(await this.#process.encode(media), media.length);
    } catch (error) {
      if (error instanceof ModelLost) this.#process = undefined;
      if (error instanceof ModelLost || error instanceof InputError) return error;
      throw error;
    }
  }
}

function outcomesOf({ vectors, dimensions }: Vectors, items: number): Outcome[] {
  return Array.from({ length: items }, (_, row) => {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const fault = faultOfVector(vector);
    return fault === undefined ? vector : `got a vector from the model that ${faultText[fault]}`;
  });
}
