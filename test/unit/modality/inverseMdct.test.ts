import { expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { InverseMdct } from '../../../src/modality/audio/vorbis/inverseMdct.ts';

it.each([64, 256, 2048])('the inverse MDCT of %d samples is the sum of cosines that defines it', (size) => {
  const random = Random.of(1, 'spectrum');
  const spectrum = Float32Array.from({ length: size / 2 }, () => random.uniform() - 0.5);
  const samples = new InverseMdct(size).transform(spectrum);
  for (const i of [0, 1, size / 4, size / 2 - 1, size / 2, (3 * size) / 4, size - 1]) {
    const expected = spectrum.reduce(
      (sum, value, k) => sum + value * Math.cos(((2 * Math.PI) / size) * (i + 0.5 + size / 4) * (k + 0.5)),
      0,
    );
    expect(samples[i]).toBeCloseTo(expected, 4);
  }
});
