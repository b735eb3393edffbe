import { constants, copyFile, link, mkdir, open } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { errorCode, explainFileError } from '../../base/errors.ts';
import type { ExportFolder, ExportItem, MediaWay } from './export.ts';
import { extensionOf, isFile, openMedia, textOf } from './media.ts';

/** Where a manifest at the top finds the media that were brought along. */
const MEDIA = 'media';

export interface FolderOptions {
  /** Absolute path of the folder that is filled. */
  readonly path: string;
  /** Absolute path that it gets when it is whole. */
  readonly target: string;
  /** Absolute path of the folder that all media of the dataset lie below. */
  readonly root: string;
  readonly media: MediaWay;
  readonly signal?: AbortSignal | undefined;
}

/** Fills the folder of an export. */
export class FilledFolder implements ExportFolder {
  readonly path: string;
  /** Rows that the format cannot hold, by reason. */
  readonly leftOut = new Map<string, number>();
  readonly notes: string[] = [];
  readonly #options: FolderOptions;

  constructor(options: FolderOptions) {
    this.path = options.path;
    this.#options = options;
  }

  async placeOf(item: ExportItem): Promise<string> {
    if (this.#options.media !== 'refer' || !isFile(item)) {
      return posix.join(MEDIA, await this.bring(item, MEDIA));
    }
    return relative(this.#options.target, item.location.path).split(sep).join('/');
  }

  async bring(item: ExportItem, below: string): Promise<string> {
    const name = this.#nameOf(item);
    const target = join(this.path, below, name);
    try {
      await mkdir(dirname(target), { recursive: true });
      await this.#write(item, target);
    } catch (error) {
      // An item of several pairs is there already.
      if (errorCode(error) !== 'EEXIST') throw explainFileError(error, target);
    }
    return name;
  }

  async textOf(item: ExportItem): Promise<string> {
    return await textOf(item);
  }

  leaveOut(reason: string): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1);
  }

  note(sentence: string): void {
    this.notes.push(sentence);
  }

  async #write(item: ExportItem, target: string): Promise<void> {
    const { path } = item.location;
    if (!isFile(item)) return await this.#extract(item, target);
    if (this.#options.media === 'link' && (await linked(path, target))) return;
    await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }

  async #extract(item: ExportItem, target: string): Promise<void> {
    const media = await openMedia(item, this.#options.signal);
    try {
      const file = await open(target, 'wx');
      try {
        for await (const piece of media.pieces()) await file.writeFile(piece);
      } finally {
        await file.close();
      }
    } finally {
      media.close();
    }
  }

  /** The path below the root; what lies inside a file stands in a folder that is named like the file. */
  #nameOf(item: ExportItem): string {
    const { location } = item;
    const file = relative(this.#options.root, location.path).split(sep).join('/');
    if (isFile(item)) return safe(file);
    const column = location.column === undefined ? '' : `-${location.column}`;
    const inside = location.member ?? (location.row === undefined ? basename(item.id) : `${location.row + 1}${column}`);
    const extension = extensionOf(item);
    const named = inside.toLowerCase().endsWith(extension) ? inside : `${inside}${extension}`;
    return safe(`${file}/${named}`);
  }
}

/** False where the file system has no hard links between the two. */
async function linked(path: string, target: string): Promise<boolean> {
  try {
    await link(path, target);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOENT') throw error;
    return false;
  }
}

/** A name from an archive may hold anything: parts that would climb or that some system forbids are written as %XX. */
function safe(path: string): string {
  const parts = path.split('/').map((part) => {
    const escaped = part.replace(/[%<>:"|?*\\\p{Cc}]/gu, percent);
    return /^\.*$/.test(escaped) ? `_${escaped.replaceAll('.', percent)}` : escaped;
  });
  return parts.join('/');
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
