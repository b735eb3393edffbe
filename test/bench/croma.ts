import { Random } from '../../src/base/random.ts';
import { openBackend } from '../../src/learning/backend.ts';
import type { Inputs } from '../../src/learning/data.ts';
import { planEpisodes } from '../../src/learning/episodes.ts';
import { vectorInputs } from '../../src/learning/inputs.ts';
import { defaultSettings } from '../../src/learning/settings.ts';
import { Trainer } from '../../src/learning/trainer.ts';

const [CLASSES, ITEMS, DIMENSIONS, WARM_UP] = [20, 40, 128, 10];

/** Mean milliseconds per CROMA meta-iteration over random features, after a warm-up. */
export async function timeCroma(wasmFolder: string, iterations: number): Promise<number> {
  await openBackend('wasm', { wasmFolder });
  const random = Random.of(0, 'bench');
  const [source, target] = [features(random), features(random)];
  const pairs = [...source.classes].map((label, row) => ({ source: row, target: row, class: label }));
  const classes = Array.from({ length: CLASSES }, (_, index) => `class ${index}`);
  const settings = { ...defaultSettings, iterations: iterations + WARM_UP, validationClasses: 0 };
  const episodes = planEpisodes({ source, target, pairs, classes, strength: 'strong' }, settings);
  const trainer = new Trainer('croma', { episodes, settings });
  for (let i = 0; i < WARM_UP; i++) await trainer.step();
  const start = performance.now();
  for (let i = 0; i < iterations; i++) await trainer.step();
  const elapsed = performance.now() - start;
  trainer.dispose();
  return elapsed / iterations;
}

function features(random: Random): Inputs {
  const rows = CLASSES * ITEMS;
  const vectors = Float32Array.from({ length: rows * DIMENSIONS }, () => random.normal());
  return vectorInputs(
    DIMENSIONS,
    vectors,
    Int32Array.from({ length: rows }, (_, row) => row % CLASSES),
  );
}
