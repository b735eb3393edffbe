import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainFileError } from '../../base/errors.ts';

const PIECE_CHARACTERS = 1024 * 1024;

/** A new text file that is written line by line. */
export class TextFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting = '';

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<TextFile> {
    try {
      await mkdir(dirname(path), { recursive: true });
      return new TextFile(path, await open(path, 'wx'));
    } catch (error) {
      throw explainFileError(error, path);
    }
  }

  async line(text: string): Promise<void> {
    this.#waiting += `${text}\n`;
    if (this.#waiting.length >= PIECE_CHARACTERS) await this.#write();
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    await this.#write();
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    try {
      await this.#file.writeFile(text);
    } catch (error) {
      throw explainFileError(error, this.#path);
    }
  }
}
