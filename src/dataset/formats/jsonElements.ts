import { isUtf8 } from 'node:buffer';
import { InputError } from '../../base/errors.ts';
import { NOT_UTF8, readUtf8 } from './utf8.ts';

/** An element of a list in a JSON file, or why it cannot be read. The first one is 0. */
export type Element =
  | { readonly index: number; readonly value: unknown }
  | { readonly index: number; readonly fault: string };

const MAX_ELEMENT_BYTES = 16 * 1024 * 1024;
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const [LIST, LIST_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The elements of the list `name` of a JSON file that is one object, such as "annotations" of COCO. The file is read in
 * pieces and every element is parsed on its own, so that its size does not matter, and a damaged element or a missing end
 * is named without losing the others. Throws {@link InputError} when the file cannot be read or holds no such list.
 */
export async function* readElements(path: string, name: string, signal?: AbortSignal): AsyncGenerator<Element> {
  const missing = `The file ${path} has no list "${name}": it is not of this layout. Correct the dataset file.`;
  const cutter = new Cutter();
  let [depth, index] = [0, 0];
  let [inString, isEscaped, inList] = [false, false, false];
  let key = '';
  for await (const chunk of readUtf8(path, signal)) {
    cutter.enter(chunk);
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 1) key = cutter.take(at).toString('utf8');
        }
      } else if (byte === QUOTE) {
        inString = true;
        if (depth === 1) cutter.start(at + 1);
      } else if (byte === LIST || byte === OBJECT) {
        depth++;
        if (depth === 1 && byte === LIST) throw new InputError(missing);
        if (depth !== 2 || byte !== LIST || key !== name) continue;
        inList = true;
        cutter.start(at + 1);
      } else if (inList && depth === 2 && (byte === COMMA || byte === LIST_END)) {
        const element = parse(index++, cutter.take(at));
        if (byte === COMMA) cutter.start(at + 1);
        if (byte === COMMA || !isEmpty(element)) yield element;
        if (byte === LIST_END) return;
      } else if (byte === LIST_END || byte === OBJECT_END) {
        depth--;
        if (depth === 0) throw new InputError(missing);
      } else if (depth === 0 && !WHITE_SPACE.has(byte)) throw new InputError(missing);
    }
    cutter.leave();
  }
  if (!inList) throw new InputError(missing);
  yield { index, fault: 'is where the file breaks off, so nothing from here on was read' };
}

/** The first elements that can be read; none when the file or the list cannot. */
export async function headOfList(path: string, name: string, count: number): Promise<unknown[]> {
  const head: unknown[] = [];
  try {
    for await (const element of readElements(path, name)) {
      if ('value' in element) head.push(element.value);
      if (head.length === count) break;
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return head;
}

const EMPTY = 'is empty';

function isEmpty(element: Element): boolean {
  return 'fault' in element && element.fault === EMPTY;
}

function parse(index: number, bytes: Buffer): Element {
  if (bytes.length > MAX_ELEMENT_BYTES) return { index, fault: 'is longer than 16 MiB, so it was not read' };
  if (!isUtf8(bytes)) return { index, fault: NOT_UTF8 };
  const json = bytes.toString('utf8').trim();
  if (json === '') return { index, fault: EMPTY };
  try {
    return { index, value: JSON.parse(json) };
  } catch {
    return { index, fault: 'is not JSON' };
  }
}

/** Cuts a stretch of bytes out of chunks that it may cross. Of a stretch that is too long only the start is kept. */
class Cutter {
  #chunk: Buffer = Buffer.alloc(0);
  #from = -1;
  #parts: Buffer[] = [];
  #size = 0;

  enter(chunk: Buffer): void {
    this.#chunk = chunk;
    if (this.#from >= 0) this.#from = 0;
  }

  leave(): void {
    if (this.#from >= 0) this.#keep(this.#chunk.length);
  }

  start(at: number): void {
    this.#from = at;
    this.#parts = [];
    this.#size = 0;
  }

  take(end: number): Buffer {
    this.#keep(end);
    this.#from = -1;
    const [only, ...others] = this.#parts;
    return only !== undefined && others.length === 0 ? only : Buffer.concat(this.#parts);
  }

  #keep(end: number): void {
    const part = this.#chunk.subarray(this.#from, end);
    if (this.#size <= MAX_ELEMENT_BYTES) this.#parts.push(part);
    this.#size += part.length;
  }
}
