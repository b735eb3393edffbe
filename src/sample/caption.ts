import type { Random } from '../base/random.ts';
import type { Colour, Concept, Place, Scene, Shape, Size, Texture } from './concepts.ts';
import { CAPTION } from './nuisance.ts';

const SHAPE_NOUNS: Readonly<Record<Shape, readonly string[]>> = {
  circle: ['circle', 'disc', 'round spot', 'coin'],
  square: ['square', 'box', 'block', 'tile'],
  triangle: ['triangle', 'wedge', 'pyramid', 'three-cornered sign'],
  star: ['star', 'five-pointed star', 'starfish', 'asterisk'],
  cross: ['cross', 'plus sign', 'crossing of two bars', 'medical sign'],
  ring: ['ring', 'hoop', 'doughnut', 'loop'],
  heart: ['heart', 'valentine', 'love token', 'playing-card heart'],
  crescent: ['crescent', 'new moon', 'sickle', 'croissant'],
};
const ANY_NOUNS = ['figure', 'shape', 'thing', 'object', 'form'];

const COLOUR_WORDS: Readonly<Record<Colour, readonly string[]>> = {
  red: ['red', 'crimson', 'scarlet', 'ruby'],
  orange: ['orange', 'amber', 'tangerine', 'apricot'],
  yellow: ['yellow', 'golden', 'lemon', 'sunny'],
  green: ['green', 'emerald', 'grassy', 'leaf-coloured'],
  blue: ['blue', 'azure', 'navy', 'cobalt'],
  purple: ['purple', 'violet', 'lilac', 'plum-coloured'],
};

const SIZE_WORDS: Readonly<Record<Size, readonly string[]>> = {
  small: ['small', 'little', 'tiny'],
  medium: ['medium', 'middling', 'average-sized'],
  large: ['large', 'big', 'huge'],
};

const TEXTURE_WORDS: Readonly<Record<Texture, readonly string[]>> = {
  plain: ['plain', 'smooth', 'flat'],
  striped: ['striped', 'banded', 'lined'],
  dotted: ['dotted', 'spotted', 'speckled'],
};

const PLACE_WORDS: Readonly<Record<Place, readonly string[]>> = {
  left: ['on the left', 'at the left edge', 'to the left'],
  middle: ['in the middle', 'in the centre', 'halfway across'],
  right: ['on the right', 'at the right edge', 'to the right'],
};

/** `THING` is the figure, `PLACE` where it is, `BESIDE` the bystander; the last two may be empty. */
const TEMPLATES = [
  'THING PLACE BESIDE.',
  'There is THING PLACE BESIDE.',
  'PLACE, THING BESIDE.',
  'One sees THING BESIDE PLACE.',
  'This shows THING PLACE BESIDE.',
  'BESIDE, THING PLACE.',
  'Look, THING BESIDE PLACE!',
  'THING BESIDE, PLACE.',
];

const BESIDE_WORDS = ['beside', 'next to', 'with', 'not far from', 'together with'];

/** Describes a scene in one English sentence. What goes unsaid, and in which words the rest is said, is random. */
export function writeCaption({ concept, size, texture, place, bystander }: Scene, random: Random): string {
  const adjectives = [
    random.chance(CAPTION.namesSize) ? random.pick(SIZE_WORDS[size]) : '',
    random.chance(CAPTION.namesTexture) ? random.pick(TEXTURE_WORDS[texture]) : '',
  ];
  const thing = withArticle([...adjectives, ...nameConcept(concept, random)]);
  const where = random.chance(CAPTION.namesPlace) ? random.pick(PLACE_WORDS[place]) : '';
  const named = bystander !== undefined && random.chance(CAPTION.namesBystander);
  const beside = named
    ? `${random.pick(BESIDE_WORDS)} ${withArticle(['smaller', ...nameConcept(bystander.concept, random)])}`
    : '';
  const sentence = random.pick(TEMPLATES).replace('THING', thing).replace('PLACE', where).replace('BESIDE', beside);
  return tidy(sentence);
}

function nameConcept({ shape, colour }: Concept, random: Random): string[] {
  const omission = random.uniform();
  const colourWord = omission < CAPTION.omitsColour ? '' : random.pick(COLOUR_WORDS[colour]);
  const omitsShape = omission >= CAPTION.omitsColour && omission < CAPTION.omitsColour + CAPTION.omitsShape;
  return [colourWord, random.pick(omitsShape ? ANY_NOUNS : SHAPE_NOUNS[shape])];
}

function withArticle(words: readonly string[]): string {
  const phrase = words.filter((word) => word !== '').join(' ');
  return `${/^[aeiou]/.test(phrase) ? 'an' : 'a'} ${phrase}`;
}

/** Closes the gaps of what was left out and begins with a capital letter. */
function tidy(sentence: string): string {
  const closed = sentence
    .replace(/\s+/g, ' ')
    .replace(/^[\s,]+/, '')
    .replace(/[\s,]+([.!,])/g, '$1');
  return closed.charAt(0).toUpperCase() + closed.slice(1);
}
