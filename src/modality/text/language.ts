import { detectAll } from 'tinyld/light';

/** Of a long text, the beginning. */
const LONGEST = 300;
/** Letters below which a guess is no better than chance, in alphabets and in scripts of syllables or words. */
const FEWEST_LETTERS = 24;
const FEWEST_SYLLABLES = 4;
/** The best guess must be so many times as likely as the next. */
const MARGIN = 2;
const SYLLABLES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** The language of a text as ISO 639-1 code, by n-grams (tinyld); `undefined` when it is too short or may be another. */
export function languageOf(text: string): string | undefined {
  const beginning = text.slice(0, LONGEST);
  const letters = beginning.match(/\p{L}/gu)?.length ?? 0;
  const syllables = beginning.match(SYLLABLES)?.length ?? 0;
  if (letters < FEWEST_LETTERS && syllables < FEWEST_SYLLABLES) return undefined;
  const [best, next] = detectAll(beginning);
  return best !== undefined && best.accuracy >= MARGIN * (next?.accuracy ?? 0) ? best.lang : undefined;
}
