import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/cli/text.ts';

describe('a name in the terminal', () => {
  it('cannot move the cursor, ring the bell or turn the writing direction', () => {
    expect(printable('a\u001b[2Jb\n\u0007\u007f')).toBe('a\\u001b[2Jb\\n\\u0007\\u007f');
    expect(printable('photo\u202egnp.exe\u2066x')).toBe('photo\\u202egnp.exe\\u2066x');
  });

  it('keeps every script', () => {
    expect(printable('größe 日本 עברית 😀')).toBe('größe 日本 עברית 😀');
  });
});
