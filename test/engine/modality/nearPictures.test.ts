import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { extractFeatures } from '../../../src/modality/decode.ts';
import type { Features } from '../../../src/modality/features.ts';
import { NEAR, similarity } from '../../../src/modality/similarity.ts';

const PICTURES = 60;
const SIZE = 96;

/** Shapes of all colours and sizes on a slope of colours. */
function draw(random: Random): Buffer {
  const colour = (): string => `rgb(${random.integer(256)},${random.integer(256)},${random.integer(256)})`;
  const shapes = Array.from({ length: 7 }, () => {
    const [x, y, size] = [random.integer(SIZE), random.integer(SIZE), 8 + random.integer(30)];
    return random.chance(0.5)
      ? `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${colour()}"/>`
      : `<rect x="${x}" y="${y}" width="${size}" height="${size / 2}" fill="${colour()}"/>`;
  });
  const slope = `<linearGradient id="g"><stop stop-color="${colour()}"/><stop offset="1" stop-color="${colour()}"/></linearGradient>`;
  const ground = `<rect width="${SIZE}" height="${SIZE}" fill="url(#g)"/>`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">${slope}${ground}${shapes.join('')}</svg>`,
  );
}

async function featuresOf(picture: Sharp): Promise<Features> {
  return (await extractFeatures('image', { name: 'a', bytes: await picture.toBuffer() })).features;
}

function isNear(a: Features, b: Features): boolean {
  return similarity('image', a.signature ?? '', b.signature ?? '') >= NEAR.image;
}

describe('near-duplicates of pictures', () => {
  const drawings: Buffer[] = [];
  const originals: Features[] = [];
  beforeAll(async () => {
    for (let index = 0; index < PICTURES; index++) {
      const drawing = await sharp(draw(Random.of(index, 'drawing')))
        .png()
        .toBuffer();
      drawings.push(drawing);
      originals.push(await featuresOf(sharp(drawing)));
    }
  });

  it.each<[string, (picture: Sharp) => Sharp]>([
    ['JPEG of quality 75', (picture) => picture.flatten().jpeg({ quality: 75 })],
    ['JPEG of quality 30', (picture) => picture.flatten().jpeg({ quality: 30 })],
    ['WebP', (picture) => picture.webp({ quality: 60 })],
    ['half the size', (picture) => picture.resize(SIZE / 2).png()],
    ['twice the size', (picture) => picture.resize(2 * SIZE).png()],
    ['a little brighter', (picture) => picture.linear(1.06, 0).png()],
    ['a little softer', (picture) => picture.blur(0.8).png()],
  ])('in %s are found and recognised', async (_name, change) => {
    let recognised = 0;
    for (const [index, drawing] of drawings.entries()) {
      const [original, copy] = [originals[index], await featuresOf(change(sharp(drawing)))];
      const shared = original?.bands?.some((band) => copy.bands?.includes(band));
      if (original !== undefined && shared && isNear(original, copy)) recognised++;
    }
    expect(recognised / PICTURES).toBeGreaterThanOrEqual(0.95);
  });

  it('are not other pictures, nor the same shapes in other colours', async () => {
    const pairs = originals.flatMap((a, index) => originals.slice(index + 1).map((b) => isNear(a, b)));
    expect(pairs.filter(Boolean)).toEqual([]);
    const negative = await featuresOf(sharp(drawings[0]).tint('#3060ff').png());
    expect(originals[0] !== undefined && isNear(originals[0], negative)).toBe(false);
  });
});
