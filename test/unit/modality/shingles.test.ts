import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { NEAR, similarity } from '../../../src/modality/similarity.ts';
import { textFeatures } from '../../../src/modality/text/features.ts';
import { languageOf } from '../../../src/modality/text/language.ts';
import { shingles, textBands, textSignature } from '../../../src/modality/text/shingles.ts';
import { normaliseText } from '../../../src/modality/text.ts';

const WORDS =
  'red green blue small large circle square star dog cat house tree runs sits under over near the a two'.split(' ');

function sentence(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick(WORDS)).join(' ');
}

function signatureOf(text: string): string {
  return textSignature(normaliseText(text)) ?? '';
}

/** Similarity, and whether two texts share a band, so that they are compared at all. */
function compare(a: string, b: string): { alike: number; found: boolean } {
  const [first, second] = [signatureOf(a), signatureOf(b)];
  const bands = new Set(textBands(second));
  return { alike: similarity('text', first, second), found: textBands(first).some((band) => bands.has(band)) };
}

describe('shingles', () => {
  it('are three words in turn', () => {
    expect(shingles('the red dog, runs!')).toEqual(new Set(['the red dog', 'red dog runs']));
  });

  it('are all of a text of fewer words, and none of a text without words', () => {
    expect(shingles('red dog')).toEqual(new Set(['red dog']));
    expect(shingles('…!?')).toEqual(new Set());
  });

  it('are five characters in scripts without spaces', () => {
    expect(shingles('今天天气很好')).toEqual(new Set(['今天天气很', '天天气很好']));
  });

  it('tell signs apart', () => {
    expect(shingles('keycap: #')).not.toEqual(shingles('keycap: *'));
  });
});

describe('texts that are nearly the same', () => {
  it('differ in case, punctuation and white space only, or in one word of fifty', () => {
    const random = Random.of(1, 'texts');
    for (let trial = 0; trial < 50; trial++) {
      const text = sentence(random, 50);
      const loud = `${text.toUpperCase().replaceAll(' ', '  ')}.`;
      expect(compare(text, loud)).toEqual({ alike: 1, found: true });
    }
    const changed = Array.from({ length: 100 }, () => {
      const words = sentence(random, 50).split(' ');
      const other = words.with(random.integer(50), 'zebra');
      return compare(words.join(' '), other.join(' '));
    });
    const recall = changed.filter(({ alike, found }) => found && alike >= NEAR.text).length / 100;
    expect(recall).toBeGreaterThan(0.9);
  });

  it('are estimated within the error of 64 hashes', () => {
    const random = Random.of(2, 'texts');
    for (let trial = 0; trial < 50; trial++) {
      const words = sentence(random, 60).split(' ');
      const other = [...words.slice(0, 30 + (trial % 30)), ...sentence(random, 30).split(' ')];
      const [a, b] = [shingles(words.join(' ')), shingles(other.join(' '))];
      const shared = [...a].filter((shingle) => b.has(shingle)).length;
      const truth = shared / (a.size + b.size - shared);
      expect(Math.abs(compare(words.join(' '), other.join(' ')).alike - truth)).toBeLessThan(0.25);
    }
  });

  it('are not short captions of which one word differs, and not unrelated texts of the same words', () => {
    expect(compare('a red circle above a square', 'a blue circle above a square').alike).toBeLessThan(NEAR.text);
    const random = Random.of(3, 'texts');
    const signatures = Array.from({ length: 300 }, () => signatureOf(sentence(random, 12)));
    const near = signatures.filter((a, i) =>
      signatures.slice(i + 1).some((b) => similarity('text', a, b) >= NEAR.text),
    );
    expect(near).toEqual([]);
  });
});

describe('the hash of a text', () => {
  it('is one for texts that differ in case and white space only', () => {
    expect(textFeatures(' A  Red\nCircle ').decodedHash).toBe(textFeatures('a red circle').decodedHash);
    expect(textFeatures('a red circle.').decodedHash).not.toBe(textFeatures('a red circle').decodedHash);
  });
});

describe('the language of a text', () => {
  it.each([
    ['en', 'Please turn the lights off in the kitchen and close the window before you leave the house.'],
    ['de', 'Bitte schalte das Licht in der Küche aus und schließe das Fenster, bevor du das Haus verlässt.'],
    ['fr', "S'il vous plaît, éteignez la lumière dans la cuisine et fermez la fenêtre avant de partir de la maison."],
    ['ru', 'Пожалуйста, выключите свет на кухне и закройте окно перед тем, как уйти из дома.'],
    ['zh', '请在离开家之前关掉厨房的灯并关上窗户。'],
    ['ja', '家を出る前に台所の電気を消して窓を閉めてください。'],
  ])('%s is recognised', (language, text) => {
    expect(languageOf(text)).toBe(language);
  });

  it.each(['dog', 'rooster crowing', 'face 🙂', '12345', ''])('of %j is not guessed', (text) => {
    expect(languageOf(text)).toBeUndefined();
  });
});
