import { type FileHandle, open } from 'node:fs/promises';
import { explainFileError } from '../../base/errors.ts';

export const BLOCK = 512;
/** Eleven octal digits. */
const MAX_OCTAL = 8 ** 11 - 1;
/** A ustar header as POSIX.1-1988 lays it out: offset and length of the fields that are set. */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  modified: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const;

/** A new tar archive. Members have no owner and no time, so that the same members give the same bytes. */
export class TarFile {
  bytes = 0;
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<TarFile> {
    try {
      return new TarFile(path, await open(path, 'wx'));
    } catch (error) {
      throw explainFileError(error, path);
    }
  }

  /** @param name at most 100 bytes; `size` bytes must come. */
  async member(name: string, size: number, pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    await this.#write(header(name, size));
    for await (const piece of pieces) await this.#write(piece);
    await this.#write(Buffer.alloc(padding(size)));
  }

  /** Writes the two empty blocks that end an archive. */
  async end(): Promise<void> {
    await this.#write(Buffer.alloc(2 * BLOCK));
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await this.#file.writeFile(bytes);
      this.bytes += bytes.length;
    } catch (error) {
      throw explainFileError(error, this.#path);
    }
  }
}

/** What a member takes in an archive. */
export function memberBytes(size: number): number {
  return BLOCK + size + padding(size);
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const put = (field: keyof typeof FIELDS, text: string): void => {
    const [offset, length] = FIELDS[field];
    block.write(text, offset, length, 'latin1');
  };
  put('name', Buffer.from(name).toString('latin1'));
  put('mode', '0000644\0');
  put('owner', '0000000\0');
  put('group', '0000000\0');
  put('size', `${Math.min(size, MAX_OCTAL).toString(8).padStart(11, '0')}\0`);
  // GNU's way for larger ones: the number itself, after a byte that says so.
  if (size > MAX_OCTAL) block.fill(0, 124, 136).writeUIntBE(size, 130, 6);
  if (size > MAX_OCTAL) block.writeUInt8(0x80, 124);
  put('modified', '00000000000\0');
  put('checksum', '        ');
  put('type', '0');
  put('magic', 'ustar\x0000');
  const sum = block.reduce((total, byte) => total + byte, 0);
  put('checksum', `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}
