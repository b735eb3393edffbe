import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join, posix } from 'node:path';
import * as z from 'zod';
import { throwIfCancelled } from '../../base/errors.ts';
import { ContainerError } from '../../container/containerError.ts';
import { walkTar } from '../../container/tar.ts';
import { isZip, listZip } from '../../container/zip.ts';
import type { Place } from '../formats/format.ts';
import { asPrefix, resolvePath } from '../formats/paths.ts';
import { compileFnmatch, compileGlob } from '../glob.ts';
import type { Croissant, FileObject, FileSet } from './document.ts';
import type { Notes } from './notes.ts';

/** A file that the description means: one below the root, or a member of an archive there. */
export interface CroissantFile {
  /** Relative to the description or to the archive, as `fileProperty: fullpath` gives it. */
  readonly fullpath: string;
  readonly place: Place;
}

/** Larger files are not read for their checksum at indexing: 64 MiB. */
const CHECKED_BYTES = 64 * 1024 * 1024;
const MAX_NESTING = 16;
/** Pictures, sounds and texts are items, or left over. */
const OWN = /\.(csv|tsv|jsonl?|ndjson|parquet|zip|tar|tgz|tar\.gz)$/i;
const TAR = /\.(tar|tar\.gz|tgz)$/i;
const Bytes = z.instanceof(Buffer);

/** Finds the files that a description names. Nothing is fetched and nothing is extracted. */
export class CroissantFiles {
  readonly #root: string;
  /** Of the description, as the beginning of the paths in it. */
  readonly #prefix: string;
  readonly #croissant: Croissant;
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #notes: Notes;
  readonly #signal: AbortSignal | undefined;
  readonly #found = new Map<string, Promise<CroissantFile[]>>();

  /** @param folder that holds the description, relative to the root @param sizes bytes of all files of the root by path */
  constructor(
    root: string,
    folder: string,
    croissant: Croissant,
    sizes: ReadonlyMap<string, number>,
    notes: Notes,
    signal?: AbortSignal,
  ) {
    this.#root = root;
    this.#prefix = asPrefix(folder);
    this.#croissant = croissant;
    this.#sizes = sizes;
    this.#notes = notes;
    this.#signal = signal;
  }

  /** The files of a FileObject (one) or a FileSet; none, and a note, when they are not to be had here. */
  async filesOf(id: string, depth = 0): Promise<CroissantFile[]> {
    const known = this.#found.get(id);
    if (known !== undefined) return await known;
    const resource = this.#croissant.resources.get(id);
    if (resource === undefined || depth > MAX_NESTING) return [];
    const found = resource.kind === 'object' ? this.#fileOf(resource, depth) : this.#filesOfSet(resource, depth);
    this.#found.set(id, found);
    return await found;
  }

  /** Tables and archives that the description names and that are there; of sets, those that were read. */
  async ownFiles(): Promise<string[]> {
    const named = [...this.#croissant.resources.values()].flatMap((resource) => {
      const path = resource.kind === 'set' || resource.containedIn.length > 0 ? undefined : this.#localPath(resource);
      return path !== undefined && this.#sizes.has(path) ? [path] : [];
    });
    const read = (await Promise.all(this.#found.values())).flat().map(({ place }) => place.path);
    return [...new Set([...named, ...read])].filter((path) => OWN.test(path));
  }

  /** Compares the files that are there with their checksums. */
  async verify(): Promise<void> {
    if (this.#croissant.isLive) return;
    let large = 0;
    for (const resource of this.#croissant.resources.values()) {
      if (resource.kind === 'set' || resource.containedIn.length > 0) continue;
      const [algorithm, expected] = resource.sha256 ? ['sha256', resource.sha256] : ['md5', resource.md5];
      const path = this.#localPath(resource);
      const size = path === undefined ? undefined : this.#sizes.get(path);
      if (path === undefined || size === undefined || expected === undefined || algorithm === undefined) continue;
      if (size > CHECKED_BYTES) {
        large++;
        continue;
      }
      if ((await this.#checksum(path, algorithm)) !== expected) {
        const fault = `has another ${algorithm} than ${path}: the file changed, or it was not copied whole`;
        this.#notes.add('checksum-differs', 'warning', resource.id, `${fault}. Get the file again.`);
      }
    }
    if (large > 0) {
      const files = large === 1 ? '1 file' : `${large} files`;
      const fault = `names checksums of ${files} of more than 64 MiB, which were not compared`;
      this.#notes.add('checksum-differs', 'information', '', `${fault}.`);
    }
  }

  async #fileOf(resource: FileObject, depth: number): Promise<CroissantFile[]> {
    const { id, contentUrl, containedIn } = resource;
    if (containedIn.length > 0) {
      const members = await this.#contentsOf(containedIn, depth);
      const wanted = posix.normalize(contentUrl);
      const found = members.filter(({ fullpath }) => posix.normalize(fullpath) === wanted);
      if (found.length === 0) {
        const fault = `names ${contentUrl}, which is not in ${containedIn.join(' or ')}`;
        this.#notes.add('missing-file', 'error', id, `${fault}: restore it or correct the description.`);
      }
      return found.slice(0, 1);
    }
    const path = this.#localPath(resource);
    if (path !== undefined && this.#sizes.has(path)) {
      return [{ fullpath: path.slice(this.#prefix.length), place: { path } }];
    }
    if (isRemote(contentUrl)) {
      const fault = `is at ${contentUrl}: nothing was fetched. Download it beside the description`;
      this.#notes.add('missing-file', 'error', id, `${fault}.`);
    } else if (path === undefined) {
      const fault = `names ${JSON.stringify(contentUrl)}, which is outside the root: it was not opened`;
      this.#notes.add('outside-root', 'error', id, `${fault}. Copy the file below the root.`);
    } else {
      this.#notes.add('missing-file', 'error', id, `names ${path}, but there is no such file: restore it.`);
    }
    return [];
  }

  /** What a contentUrl means here: a path, or the name of a file that was downloaded beside the description. */
  #localPath({ id, contentUrl }: FileObject): string | undefined {
    const folder = this.#prefix === '' ? '.' : this.#prefix;
    if (!isRemote(contentUrl)) return resolvePath(contentUrl.replace(/^file:(\.\/)?/, ''), folder);
    const name = /\/([^/?#]+)(?:[?#].*)?$/.exec(contentUrl)?.[1] ?? '';
    const names = [name, decoded(name), id].map((candidate) => resolvePath(candidate, folder));
    return names.find((candidate) => candidate !== undefined && this.#sizes.has(candidate));
  }

  async #filesOfSet(set: FileSet, depth: number): Promise<CroissantFile[]> {
    if (set.unsupported !== undefined) {
      this.#notes.add('bad-row', 'error', set.id, `cannot be read: ${set.unsupported}.`);
      return [];
    }
    const contents =
      set.containedIn.length === 0 ? this.#folderContents() : await this.#contentsOf(set.containedIn, depth);
    const found = select(contents, set.includes, compileGlob);
    const loose = select(contents, set.includes, compileFnmatch);
    const included = found.length === 0 ? loose : found;
    if (loose.length !== included.length) {
      const more = (loose.length - included.length).toLocaleString('en');
      const fault = `includes ${included.length.toLocaleString('en')} files; mlcroissant, where "*" crosses folders, would take ${more} more`;
      this.#notes.add('ambiguous-pairing', 'information', set.id, `${fault}. Write the folders into the pattern.`);
    }
    const excluded = new Set(set.excludes.length === 0 ? [] : select(included, set.excludes, compileGlob));
    if (excluded.size > 0) {
      const fault = `excludes ${excluded.size.toLocaleString('en')} files, which mlcroissant would read all the same`;
      this.#notes.add('ambiguous-pairing', 'information', set.id, `${fault}.`);
    }
    if (included.length === 0) {
      const fault = `matches no file (${set.includes.join(', ') || 'it includes nothing'})`;
      this.#notes.add('missing-file', 'error', set.id, `${fault}: restore the files or correct the patterns.`);
    }
    return included.filter((file) => !excluded.has(file));
  }

  /** The union of what several containers hold. A repository stands for the folder of the description. */
  async #contentsOf(containers: readonly string[], depth: number): Promise<CroissantFile[]> {
    const contents: CroissantFile[] = [];
    for (const id of containers) {
      throwIfCancelled(this.#signal);
      const container = this.#croissant.resources.get(id);
      if (container?.kind === 'object' && container.encodingFormat.some((type) => type.startsWith('git'))) {
        contents.push(...this.#folderContents());
        continue;
      }
      for (const file of await this.filesOf(id, depth + 1)) contents.push(...(await this.#membersOf(id, file)));
    }
    return contents;
  }

  #folderContents(): CroissantFile[] {
    const contents: CroissantFile[] = [];
    for (const path of this.#sizes.keys()) {
      if (path.startsWith(this.#prefix)) contents.push({ fullpath: path.slice(this.#prefix.length), place: { path } });
    }
    return contents;
  }

  /** The members of an archive; a file that is none stands for itself. */
  async #membersOf(id: string, file: CroissantFile): Promise<CroissantFile[]> {
    const { path, member } = file.place;
    const isArchive = isZip(path) || TAR.test(path);
    if (!isArchive) return [file];
    if (member !== undefined) {
      this.#notes.add('unsupported-format', 'error', id, `lies in ${path}, itself an archive: unpack ${path}.`);
      return [];
    }
    try {
      return await this.#list(id, path);
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      this.#notes.add('broken-archive', 'error', id, `cannot be read: ${path} ${error.fault}`);
      return [];
    }
  }

  async #list(id: string, path: string): Promise<CroissantFile[]> {
    const absolute = join(this.#root, path);
    if (isZip(path)) {
      const members = (await listZip(absolute)).filter(({ kind }) => kind === 'file');
      return members.map(({ name }) => ({ fullpath: name, place: { path, member: name } }));
    }
    const files: CroissantFile[] = [];
    for await (const batch of walkTar(absolute, { signal: this.#signal })) {
      for (const entry of batch) {
        if ('fault' in entry) {
          this.#notes.add(
            'broken-archive',
            entry.kind === 'no-end' ? 'information' : 'error',
            id,
            `is ${path}, which ${entry.fault}`,
          );
        } else if (entry.kind === 'file') {
          const { name: member, begin, length } = entry;
          files.push({ fullpath: member.replace(/^\.\//, ''), place: { path, member, begin, length } });
        }
      }
    }
    return files;
  }

  async #checksum(path: string, algorithm: string): Promise<string> {
    const hash = createHash(algorithm);
    for await (const chunk of createReadStream(join(this.#root, path))) {
      throwIfCancelled(this.#signal);
      hash.update(Bytes.parse(chunk));
    }
    return hash.digest('hex');
  }
}

function isRemote(contentUrl: string): boolean {
  return contentUrl.includes('://');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function select(
  files: readonly CroissantFile[],
  patterns: readonly string[],
  compile: (pattern: string) => ((path: string) => boolean) | undefined,
): CroissantFile[] {
  const matchers = patterns.map(compile).filter((matcher) => matcher !== undefined);
  return files.filter(({ fullpath }) => matchers.some((matches) => matches(fullpath)));
}
