import * as vscode from 'vscode';
import { Disposable } from './disposable.ts';
import type { EngineClient } from './engineClient.ts';

/** A list that the engine keeps: asked for on first need, then replaced by each whole list that the engine tells. */
export class LiveList<T> extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #ask: () => Promise<T[]>;
  #asked: Promise<T[]> | undefined;
  #known: readonly T[] = [];

  constructor(client: EngineClient, ask: () => Promise<T[]>, told: vscode.Event<T[]>) {
    super();
    this.#ask = ask;
    this.register(told((list) => this.#set(list)));
    this.register(client.onRestarted(() => this.refresh()));
  }

  /** What was last asked or told; empty before. Does not start the engine. */
  get known(): readonly T[] {
    return this.#known;
  }

  /** Starts the engine on first need. A failed answer is not kept. */
  async list(): Promise<readonly T[]> {
    const asked = this.#asked ?? this.#ask();
    this.#asked = asked;
    try {
      const list = await asked;
      if (this.#asked === asked) this.#known = list;
      return list;
    } catch (error) {
      if (this.#asked === asked) this.#asked = undefined;
      throw error;
    }
  }

  /** Forgets the answer; whoever shows the list asks anew. */
  refresh(): void {
    this.#asked = undefined;
    this.#changed.fire();
  }

  /** A list that says nothing new is kept quiet: views would redraw for nothing. */
  #set(list: T[]): void {
    const same = JSON.stringify(list) === JSON.stringify(this.#known);
    this.#asked = Promise.resolve(list);
    this.#known = list;
    if (!same) this.#changed.fire();
  }
}
