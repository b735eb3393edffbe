import { type PackedRows, RowPacker, SEPARATOR } from '../base/packedRows.ts';
import { mediaTypeOf } from '../modality/modality.ts';
import { isOwnFile } from './ownFiles.ts';
import { look, type Name, type NotFollowed, realRootOf, walkFolder } from './walk.ts';

/** What was found about some names. */
export interface Listing {
  readonly files: PackedRows;
  readonly notFollowed: readonly NotFollowed[];
}

/** Puts names together as {@link lookAt} takes them. */
export class NamePacker {
  readonly #rows = new RowPacker(['path', 'kind']);

  get count(): number {
    return this.#rows.count;
  }

  add({ path, kind }: Name): void {
    this.#rows.add({ path, kind: kind === 'file' ? undefined : kind });
  }

  take(): PackedRows {
    return this.#rows.take();
  }
}

/** Looks at names for their sizes and times of change; PairLab's own files are left out. */
class Looker {
  readonly #root: string;
  readonly #realRoot: string;
  readonly #files = new RowPacker(['path', 'bytes', 'modified', 'modality']);
  readonly #notFollowed: NotFollowed[] = [];

  constructor(root: string, realRoot: string) {
    this.#root = root;
    this.#realRoot = realRoot;
  }

  look(name: Name): void {
    const found = look(this.#root, this.#realRoot, name);
    if ('kind' in found) this.#notFollowed.push(found);
    else if (!isOwnFile(name.path)) this.#files.add({ ...found, modality: mediaTypeOf(name.path)?.modality });
  }

  listing(): Listing {
    return { files: this.#files.take(), notFollowed: this.#notFollowed };
  }
}

/** Looks at each of some names. */
export function lookAt(root: string, realRoot: string, { count, columns }: PackedRows): Listing {
  const looker = new Looker(root, realRoot);
  const paths = count === 0 ? [] : (columns['path'] ?? '').split(SEPARATOR);
  const kinds = columns['kind']?.split(SEPARATOR);
  for (const [index, path] of paths.entries()) looker.look({ path, kind: kindOf(kinds?.[index]) });
  return looker.listing();
}

/** So many names are looked at in less time than threads need to start, unless the disk is slow. */
const [FEW, MILLISECONDS] = [1000, 30];

/** All below a root of few names, on this thread; `undefined` where there are more, or the disk is slow. */
export function listFew(root: string): Listing | undefined {
  const begun = performance.now();
  const looker = new Looker(root, realRootOf(root));
  let names = 0;
  for (const name of walkFolder(root)) {
    looker.look(name);
    if (++names > FEW || performance.now() - begun > MILLISECONDS) return undefined;
  }
  return looker.listing();
}

function kindOf(cell: string | undefined): Name['kind'] {
  return cell === 'link' || cell === 'special' || cell === 'closed' ? cell : 'file';
}
