import { mediaTypeOf } from '../../modality/modality.ts';
import { Modality, type Problem } from '../../protocol.ts';
import type { FileEntry } from '../walk.ts';

/** Where a stem ends in a file name: `v1.5_a.txt` has the stem `v1.5_a` or `v1`. */
export type StemRule = 'up-to-last-dot' | 'up-to-first-dot';

/** What the placeholders of a pattern stand for in one path. */
export interface Placed {
  readonly split?: string;
  readonly class?: string;
  readonly stem: string;
}

const PART = /\{(split|class|stem)\}/g;

/**
 * Compiles `images/{class}/{stem}`. `{split}` and `{class}` stand for the shortest text within one folder or file name,
 * `{stem}` for the rest, which may hold "/". Names are compared in Unicode NFC, because file systems differ in it.
 */
export function compilePattern(pattern: string, rule: StemRule): (path: string) => Placed | undefined {
  let end = 0;
  let source = '';
  for (const match of pattern.matchAll(PART)) {
    source +=
      escaped(pattern.slice(end, match.index)) + (match[1] === 'stem' ? '(?<stem>.+)' : `(?<${match[1]}>[^/]+?)`);
    end = match.index + match[0].length;
  }
  const whole = new RegExp(`^${source}${escaped(pattern.slice(end))}$`, 'su');
  return (path) => {
    const groups = whole.exec(withoutExtension(path, rule).normalize('NFC'))?.groups;
    const stem = groups?.['stem'];
    return stem === undefined ? undefined : { ...groups, stem };
  };
}

/** The path that a pattern expects for what another modality's path says. */
export function fillPattern(pattern: string, placed: Placed): string {
  return pattern.replace(PART, (_, name: keyof Placed) => placed[name] ?? '');
}

/** What names a pair: everything that the placeholders stand for. */
export function keyOf({ split, class: concept, stem }: Placed): string {
  return [split, concept, stem].filter((part) => part !== undefined).join('/');
}

export interface PlacedFile {
  readonly path: string;
  readonly modality: Modality;
  readonly placed: Placed;
}

/** Sorts the files of a root into those that a pattern covers and a problem (information) for each other one. */
export function placeFiles(
  files: readonly FileEntry[],
  items: Readonly<Partial<Record<Modality, string>>>,
  rule: StemRule,
): { placed: PlacedFile[]; leftOut: Problem[] } {
  const patterns = new Map(
    Object.entries(items).map(([name, pattern]) => [Modality.parse(name), compilePattern(pattern, rule)]),
  );
  const placed: PlacedFile[] = [];
  const leftOut: Problem[] = [];
  for (const { path } of files) {
    const modality = mediaTypeOf(path)?.modality;
    const found = modality && patterns.get(modality)?.(path);
    if (modality && found) placed.push({ path, modality, placed: found });
    else leftOut.push(notPartOfLayout(path, reasonFor(modality, items)));
  }
  return { placed, leftOut };
}

export function notPartOfLayout(path: string, reason: string): Problem {
  const sentence = `${path} is not part of the layout: ${reason}.`;
  return { kind: 'not-part-of-layout', severity: 'information', where: path, sentence, items: [] };
}

function reasonFor(modality: Modality | undefined, items: Readonly<Partial<Record<Modality, string>>>): string {
  if (modality === undefined) return 'its extension names neither an image, a sound nor a text';
  const pattern = items[modality];
  return pattern === undefined ? `the dataset has no ${modality} items` : `it does not fit the pattern ${pattern}`;
}

function withoutExtension(path: string, rule: StemRule): string {
  const name = path.lastIndexOf('/') + 1;
  const dot = rule === 'up-to-last-dot' ? path.lastIndexOf('.') : path.indexOf('.', name + 1);
  return dot > name ? path.slice(0, dot) : path;
}

function escaped(literal: string): string {
  return literal.normalize('NFC').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
