/** True when a pattern holds a wildcard, so that it may match nothing. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/**
 * A glob as fsspec (2023.12 and later) and a POSIX shell read it: `*` and `?` stay within a folder, `**` alone between
 * slashes crosses folders, `[abc]` and `[!abc]` are sets. `undefined` when `**` stands beside other characters. The
 * expression is linear in the length of a path for each `*` of the pattern.
 */
export function globToRegExp(pattern: string): RegExp | undefined {
  const parts = pattern.replace(/^(\.\/)+/, '').split('/');
  if (parts.some((part) => part.includes('**') && part !== '**')) return undefined;
  const translated = parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    if (part === '**') return isLast ? '.+' : '(?:.+/)?';
    if (part === '*') return isLast ? '[^/]+' : '[^/]+/';
    return translatePart(part) + (isLast ? '' : '/');
  });
  return new RegExp(`^${translated.join('')}$`, 's');
}

function translatePart(part: string): string {
  let expression = '';
  for (let index = 0; index < part.length; index++) {
    const character = part.charAt(index);
    const end = character === '[' ? part.indexOf(']', index + 2) : -1;
    if (character === '*') {
      if (part.charAt(index - 1) !== '*') expression += '[^/]*';
    } else if (character === '?') expression += '[^/]';
    else if (end > 0) {
      expression += translateSet(part.slice(index + 1, end));
      index = end;
    } else expression += character.replace(/[\\^$.|+(){}[\]]/, '\\$&');
  }
  return expression;
}

/** A range that ends before it begins matches nothing. */
function translateSet(inside: string): string {
  const isNegated = inside.startsWith('!') || inside.startsWith('^');
  const content = (isNegated ? inside.slice(1) : inside).replace(/[\\^\]]/g, '\\$&');
  const set = `[${isNegated ? '^/' : ''}${content}]`;
  try {
    new RegExp(set);
    return set;
  } catch {
    return isNegated ? '[^/]' : '[]';
  }
}
