import type { ForwardReader } from './inflating.ts';
import { RegularFile } from './source.ts';

/** So much is read at once where headers lie close together, */
const WINDOW = 1024 * 1024;
/** and so much where the next header lies further than this from what was read: behind a large member. */
const SMALL_WINDOW = 8 * 1024;

/** Reads an archive through a window, and skips large members without reading them. */
export class WindowReader implements ForwardReader {
  readonly size: number;
  readonly fault = undefined;
  readonly #file: RegularFile;
  readonly #memory = Buffer.allocUnsafe(WINDOW);
  #window = this.#memory.subarray(0, 0);
  #begin = 0;

  constructor(path: string) {
    this.#file = new RegularFile(path);
    this.size = this.#file.size;
  }

  read(from: number, length: number): Buffer {
    if (length > WINDOW) return this.#file.readNow(from, length);
    const end = this.#begin + this.#window.length;
    if (from < this.#begin || from + length > end) {
      const ahead = from - end > SMALL_WINDOW ? SMALL_WINDOW : WINDOW;
      this.#window = this.#memory.subarray(0, Math.max(length, ahead));
      this.#window = this.#window.subarray(0, this.#file.fill(this.#window, from));
      this.#begin = from;
    }
    return this.#window.subarray(from - this.#begin, from - this.#begin + length);
  }

  close(): void {
    this.#file.close();
  }
}
