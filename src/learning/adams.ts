import { Adam, type AdamState } from './adam.ts';

/** What the Adams of a method keep, by the name of each: plain data. */
export type AdamStates = Readonly<Record<string, AdamState>>;

/** The Adams of one method that outlive its iterations, each made when it is first asked for. */
export class Adams {
  readonly #learningRate: number;
  readonly #stored: AdamStates;
  readonly #open = new Map<string, Adam>();

  /** Anew, or where those of `stored` left off. */
  constructor(learningRate: number, stored: AdamStates = {}) {
    this.#learningRate = learningRate;
    this.#stored = stored;
  }

  /** The one of this name: at every call the same, for the same number of weights. */
  of(name: string, size: number, beta1: number): Adam {
    const adam = this.#open.get(name) ?? new Adam(size, this.#learningRate, beta1, this.#stored[name]);
    this.#open.set(name, adam);
    return adam;
  }

  async states(): Promise<AdamStates> {
    const states = { ...this.#stored };
    for (const [name, adam] of this.#open) states[name] = await adam.state();
    return states;
  }

  dispose(): void {
    for (const adam of this.#open.values()) adam.dispose();
  }
}

/** What a method says and does for its Adams. */
export function keeping(adams: Adams): { adamStates(): Promise<AdamStates>; dispose(): void } {
  return { adamStates: () => adams.states(), dispose: () => adams.dispose() };
}
