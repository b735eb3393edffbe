/**
 * What a sample is about. A concept class is a shape in a colour: classes compose, so that a class never seen in
 * training is a new combination of known factors. All else in a scene varies within a class.
 */
import type { Random } from '../base/random.ts';

export const SHAPES = ['circle', 'square', 'triangle', 'star', 'cross', 'ring', 'heart', 'crescent'] as const;
export type Shape = (typeof SHAPES)[number];

export const COLOURS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;
export type Colour = (typeof COLOURS)[number];

export const SIZES = ['small', 'medium', 'large'] as const;
export type Size = (typeof SIZES)[number];

export const TEXTURES = ['plain', 'striped', 'dotted'] as const;
export type Texture = (typeof TEXTURES)[number];

export const PLACES = ['left', 'middle', 'right'] as const;
export type Place = (typeof PLACES)[number];

/** The factors of a class: in a sound, shape is the vowel and the rhythm of a voice, colour the pitch of a drone below it. */
export interface Concept {
  readonly shape: Shape;
  readonly colour: Colour;
}

/**
 * What the three items of an instance have in common: they are strong pairs because of it. Size is the pitch of the
 * voice and the loudness of the sound, texture its articulation, place its pan; the bystander sounds quietly along.
 */
export interface Scene {
  readonly concept: Concept;
  readonly size: Size;
  readonly texture: Texture;
  readonly place: Place;
  /** A second, smaller figure in another place. */
  readonly bystander?: { readonly concept: Concept; readonly place: Place };
}

export const MAXIMUM_CLASSES = SHAPES.length * COLOURS.length;

/** The first `count` concepts, in an order in which neighbours differ in shape and in colour. */
export function concepts(count: number): Concept[] {
  const all = COLOURS.flatMap((_, round) =>
    SHAPES.map((shape, index) => ({ shape, colour: COLOURS[(index + round) % COLOURS.length] ?? COLOURS[0] })),
  );
  return all.slice(0, count);
}

/** The name of a class, as in folder names and tables: `red-star`. */
export function className({ shape, colour }: Concept): string {
  return `${colour}-${shape}`;
}

export function drawScene(concept: Concept, bystanderShare: number, random: Random): Scene {
  const place = random.pick(PLACES);
  const scene = { concept, size: random.pick(SIZES), texture: random.pick(TEXTURES), place };
  const bystander = {
    concept: { shape: random.pick(SHAPES), colour: random.pick(COLOURS) },
    place: random.pick(PLACES.filter((other) => other !== place)),
  };
  return random.chance(bystanderShare) ? { ...scene, bystander } : scene;
}
