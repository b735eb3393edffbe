/** A name may hold line breaks and control characters, which a terminal must not obey. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
