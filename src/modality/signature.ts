/** Helpers for signatures: strings of hexadecimal digits that hold numbers of a fixed width. */

/** Each number in `digits` hexadecimal digits. */
export function toHex(numbers: Iterable<number>, digits: number): string {
  let text = '';
  for (const number of numbers) text += number.toString(16).padStart(digits, '0');
  return text;
}

export function fromHex(text: string, digits: number): number[] {
  return Array.from({ length: Math.floor(text.length / digits) }, (_, index) =>
    Number.parseInt(text.slice(index * digits, (index + 1) * digits), 16),
  );
}

/** The value of one digit. Signatures are compared digit by digit, since millions of times to make numbers of them is slow. */
export function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}

/** How many bits of a number of 32 bits are set (Warren, Hacker's Delight, 2nd edition, §5-1). */
export function bitCount(number: number): number {
  let bits = number - ((number >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Spreads a number over all 32-bit numbers (the finaliser of MurmurHash3, Appleby, 2011). */
export function mixBits(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
