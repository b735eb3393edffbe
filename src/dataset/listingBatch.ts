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

/** Looks at each name for its size and time of change; PairLab's own files are left out. */
export function lookAt(root: string, realRoot: string, { count, columns }: PackedRows): Listing {
  const files = new RowPacker(['path', 'bytes', 'modified', 'modality']);
  const notFollowed: NotFollowed[] = [];
  const paths = count === 0 ? [] : (columns['path'] ?? '').split(SEPARATOR);
  const kinds = columns['kind']?.split(SEPARATOR);
  for (const [index, path] of paths.entries()) {
    const found = look(root, realRoot, { path, kind: kindOf(kinds?.[index]) });
    if ('kind' in found) notFollowed.push(found);
    else if (!isOwnFile(path)) files.add({ ...found, modality: mediaTypeOf(path)?.modality });
  }
  return { files: files.take(), notFollowed };
}

/** So many names, found so soon, are looked at in less time than threads need to start. */
const [FEW, MILLISECONDS] = [1000, 30];

/** All below a root of few names, on this thread; `undefined` where there are more, or the disk is slow. */
export function listFew(root: string): Listing | undefined {
  const begun = performance.now();
  const names = new NamePacker();
  const realRoot = realRootOf(root);
  for (const name of walkFolder(root)) {
    names.add(name);
    if (names.count > FEW || performance.now() - begun > MILLISECONDS) return undefined;
  }
  return lookAt(root, realRoot, names.take());
}

function kindOf(cell: string | undefined): Name['kind'] {
  return cell === 'link' || cell === 'special' || cell === 'closed' ? cell : 'file';
}
