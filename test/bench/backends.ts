import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../src/base/random.ts';
import { Adam } from '../../src/learning/adam.ts';
import { openBackend } from '../../src/learning/backend.ts';
import type { Inputs } from '../../src/learning/data.ts';
import { descend, type Objective, slopeOf } from '../../src/learning/descent.ts';
import { type Episodes, planEpisodes } from '../../src/learning/episodes.ts';
import { vectorInputs } from '../../src/learning/inputs.ts';
import { infoNce } from '../../src/learning/losses.ts';
import { encoder, type NetworkKind } from '../../src/learning/networks/encoders.ts';
import { Layout } from '../../src/learning/networks/layout.ts';
import type { Numbers } from '../../src/learning/numbers.ts';
import { defaultSettings, type Settings } from '../../src/learning/settings.ts';
import { Trainer } from '../../src/learning/trainer.ts';
import { BackendName } from '../../src/protocol.ts';
import { withPictures } from './support/picturesOnDisk.ts';

const [CLASSES, ITEMS, DIMENSIONS] = [20, 40, 128];
const [BATCH, WIDTH] = [256, 512];
/** Pairs of a large batch, and the tokens of a picture. */
const [LARGE_BATCH, PICTURE] = [1024, [6, 6, 108]] as const;
const [ROWS, TILE, NEAREST] = [10_000, 1000, 10];
const MORE_THAN_ARE_TAKEN = 100_000;
/** Milliseconds. */
const WARM_UP = 3000;

/** Milliseconds of each piece of work by its name, and the shares of a CROMA iteration that may wait for data. */
async function main([name, wasmFolder = '', largest]: readonly string[]): Promise<void> {
  const backend = await openBackend(BackendName.parse(name), { wasmFolder });
  const found: Record<string, number> = {};
  found['contrastive step'] = await contrastiveStep('mlp', BATCH, [WIDTH], 10);
  found['contrastive step of transformers'] = await contrastiveStep('transformer', LARGE_BATCH, PICTURE, 1);
  const overVectors = await cromaIteration({ ...defaultSettings }, vectors, 40);
  found['CROMA meta-iteration'] = overVectors.iteration;
  found['MoNA stage-1 step'] = await monaStep();
  found['similarity with top-k'] = await similarity();
  const overMedia = await withPictures(PICTURE, CLASSES * ITEMS, (pictures) =>
    cromaIteration({ ...defaultSettings, network: 'transformer' }, () => ({ ...pictures, classes: labels() }), 5),
  );
  // Last, because they leave a large heap behind.
  for (let size = 256; size <= Number(largest); size *= 2) found[`product of ${size}`] = await product(size);
  const shares = { vectors: overVectors.share, pictures: overMedia.share };
  process.stdout.write(`${JSON.stringify({ device: backend.device.name, milliseconds: found, shares })}\n`);
  process.exit();
}

/** Median milliseconds of what is run again and again; those before compile and fill caches. */
async function time(runs: number, work: () => Promise<void>): Promise<number> {
  const warm = performance.now() + WARM_UP;
  do await work();
  while (performance.now() < warm);
  const taken: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begun = performance.now();
    await work();
    taken.push(performance.now() - begun);
  }
  return taken.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

async function product(size: number): Promise<number> {
  const [a, b] = [normals([size, size], 1), normals([size, size], 2)];
  const taken = await time(size > 1024 ? 3 : 15, () =>
    finish(() => tf.slice(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), [0, 0], [1, 1])),
  );
  tf.dispose([a, b]);
  return taken;
}

/** Two encoders with their usual sizes, InfoNCE over `pairs` items of a shape, Adam; the loss is read after `steps` only. */
async function contrastiveStep(kind: NetworkKind, pairs: number, shape: readonly number[], steps: number) {
  const [first, second] = [encoder('first', shape, kind), encoder('second', shape, kind)];
  const layout = new Layout([...first.parameters, ...second.parameters]);
  const [a, b] = [items([pairs, ...shape], 3), items([pairs, ...shape], 4)];
  const objective: Objective<'a' | 'b'> = {
    term: 'alignment',
    next: async () => ({ a, b }),
    slope: slopeOf<'a' | 'b'>((weights, given) => {
      const tensors = layout.cut(weights);
      const [x, y] = [first.apply(tensors, given.a), second.apply(tensors, given.b)];
      return infoNce(x as tf.Tensor2D, y as tf.Tensor2D, tf.eye(pairs), 0.1);
    }),
  };
  const adam = new Adam(layout.size, 1e-3, 0.9);
  let start = tf.tensor1d(layout.initialise(Random.of(5)));
  const taken = await time(7, async () => {
    const { weights } = await descend(start, steps, objective, adam, 'the bench');
    start.dispose();
    start = weights;
  });
  tf.dispose(start);
  adam.dispose();
  return taken / steps;
}

function items(shape: readonly number[], seed: number): Numbers {
  return { values: normalValues(sizeOf(shape), seed), shape: [...shape] };
}

/** Milliseconds, and what share of them it takes to read the same batches one after the other: most that training waits. */
async function cromaIteration(
  chosen: Settings,
  inputsOf: InputsOf,
  runs: number,
): Promise<{ iteration: number; share: number }> {
  const settings = { ...chosen, iterations: MORE_THAN_ARE_TAKEN, validationClasses: 0 };
  const { source, target, ...others } = episodesOf(settings, inputsOf);
  const batches: (() => Promise<unknown>)[] = [];
  const watched = <Watched extends Inputs>(inputs: Watched): Watched => ({
    ...inputs,
    read(rows: readonly number[]) {
      batches.push(() => inputs.read(rows));
      return inputs.read(rows);
    },
  });
  const episodes = { ...others, source: watched(source), target: watched(target) };
  const trainer = new Trainer('croma', { episodes, settings });
  const begun = performance.now();
  const iteration = await time(runs, async () => void (await trainer.step()));
  const all = performance.now() - begun;
  const reading = performance.now();
  for (const read of batches) await read();
  return { iteration, share: (performance.now() - reading) / all };
}

/** What a step of the embedder's stage adds to a test task. */
async function monaStep(): Promise<number> {
  const steps = 40;
  const secondsOf = async (embedderSteps: number): Promise<number> => {
    const transfer = { ...defaultSettings.transfer, warmUpSteps: 0, embedderSteps, fineTuneSteps: 1 };
    const settings = { ...defaultSettings, shots: [5], testTasks: 1, iterations: 1, validationClasses: 0, transfer };
    const episodes = episodesOf(settings);
    const trainer = new Trainer('mona', { episodes, settings });
    const { weights } = await trainer.selected();
    return await time(3, async () => {
      for await (const _ of trainer.test(weights, episodes.testTasks, 5));
    });
  };
  return ((await secondsOf(steps)) - (await secondsOf(0))) / steps;
}

/** The ten most similar of 10,000 rows of 512 dimensions for each of them, a tile of rows after the other. */
async function similarity(): Promise<number> {
  const rows = normals([ROWS, WIDTH], 6) as tf.Tensor2D;
  const columns = tf.tidy(() => tf.transpose(rows));
  return await time(1, async () => {
    for (let start = 0; start < ROWS; start += TILE) {
      await finish(() => {
        const scores = tf.matMul(tf.slice(rows, [start, 0], [TILE, WIDTH]), columns);
        return tf.topk(scores, NEAREST).indices;
      });
    }
  });
}

/** The inputs of one side, with all that is random in them. */
type InputsOf = (random: Random) => Inputs;

function episodesOf(settings: Settings, inputsOf: InputsOf = vectors): Episodes {
  const random = Random.of(0, 'bench');
  const [source, target] = [inputsOf(random), inputsOf(random)];
  const pairs = [...source.classes].map((label, row) => ({ source: row, target: row, class: label }));
  const classes = Array.from({ length: CLASSES }, (_, index) => `class ${index}`);
  return planEpisodes({ source, target, pairs, classes, strength: 'strong' }, settings);
}

function vectors(random: Random): Inputs {
  const values = Float32Array.from({ length: CLASSES * ITEMS * DIMENSIONS }, () => random.normal());
  return vectorInputs(DIMENSIONS, values, labels());
}

function labels(): Int32Array {
  return Int32Array.from({ length: CLASSES * ITEMS }, (_, row) => row % CLASSES);
}

function normals(shape: [number, number], seed: number): tf.Tensor {
  return tf.tensor(normalValues(sizeOf(shape), seed), shape);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function normalValues(count: number, seed: number): Float32Array {
  const random = Random.of(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** Waits until the device has computed something, which is read and let go. */
async function finish(compute: () => tf.Tensor): Promise<void> {
  const result = tf.tidy(compute);
  await result.data();
  result.dispose();
}

main(process.argv.slice(2));
