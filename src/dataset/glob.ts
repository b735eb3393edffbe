/** True when a path, relative with "/", fits a pattern. Takes time in proportion to their lengths' product at most. */
export type Matcher = (path: string) => boolean;

/** A piece of a pattern: any number of characters, or one of some. */
type Piece = 'many' | ((character: string) => boolean);

/** True when a pattern holds a wildcard, so that it may match nothing. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/**
 * A glob as a POSIX shell and fsspec (2023.12 and later) read it: `*` and `?` stay within a folder, `**` alone between
 * slashes crosses any number of folders, `[abc]` and `[!a-c]` are sets. `undefined` when `**` stands beside others.
 */
export function compileGlob(pattern: string): Matcher | undefined {
  const parts = pattern.replace(/^(\.\/)+/, '').split('/');
  if (parts.some((part) => part.includes('**') && part !== '**')) return undefined;
  const compiled = parts.map((part) => (part === '**' ? 'many' : compilePart(part)));
  // The last ** stands for at least a file.
  if (compiled.at(-1) === 'many') compiled.push((name) => name !== '');
  return (path) => matches(compiled, path.split('/'));
}

/** A pattern of Python's `fnmatch`, where `*` and `?` cross folders. */
export function compileFnmatch(pattern: string): Matcher {
  const pieces = piecesOf(pattern);
  return (path) => matches(pieces, [...path]);
}

function compilePart(part: string): (name: string) => boolean {
  if (!hasWildcard(part)) return (name) => name === part;
  const pieces = piecesOf(part);
  return (name) => name !== '' && matches(pieces, [...name]);
}

/** Goes back to the last "many" only, which is enough: what stood before it fits already. */
function matches(pieces: readonly ('many' | ((part: string) => boolean))[], text: readonly string[]): boolean {
  let [piece, at] = [0, 0];
  let [lastMany, resume] = [-1, 0];
  while (at < text.length) {
    const test = pieces[piece];
    if (test === 'many') {
      [lastMany, resume] = [piece++, at];
    } else if (test?.(text[at] ?? '') === true) {
      piece++;
      at++;
    } else if (lastMany >= 0) {
      piece = lastMany + 1;
      at = ++resume;
    } else return false;
  }
  return pieces.slice(piece).every((rest) => rest === 'many');
}

function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  const characters = [...pattern];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? '';
    const end = character === '[' ? characters.indexOf(']', index + 2) : -1;
    if (character === '*') pieces.push('many');
    else if (character === '?') pieces.push(() => true);
    else if (end > 0) {
      pieces.push(setOf(characters.slice(index + 1, end)));
      index = end;
    } else pieces.push((other) => other === character);
  }
  return pieces;
}

/** `abc`, `a-z`, `!a-z`; a range that ends before it begins holds nothing. */
function setOf(inside: readonly string[]): (character: string) => boolean {
  const isNegated = inside[0] === '!' || inside[0] === '^';
  const ranges: [string, string][] = [];
  const list = isNegated ? inside.slice(1) : inside;
  for (let index = 0; index < list.length; index++) {
    const from = list[index] ?? '';
    const isRange = list[index + 1] === '-' && index + 2 < list.length;
    ranges.push([from, isRange ? (list[index + 2] ?? '') : from]);
    if (isRange) index += 2;
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== isNegated;
}
