import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { namesIn } from '../../../../src/base/files.ts';
import type { Snapshot } from '../../../../src/dataset/snapshot.ts';
import type { EmbeddingSet } from '../../../../src/embedding/embeddingSet.ts';
import { embeddingSetsOf } from '../../../../src/embedding/embeddingSets.ts';
import { embeddingsOf } from '../../../../src/embedding/encodeSnapshot.ts';
import { addFiles, type Files, indexed, placeWith, sound } from '../../dataset/place.ts';
import { needsPeer } from './peer.ts';
import { dualModel, pictureModel, sentenceModel, soundModel, whisperModel, wholeModel } from './tinyModels.ts';

const PAIRLAB_YAML = (first: string, second: string): string => `name: tiny
pairing:
  layout: stem
  items: { ${first}: "${first}/{stem}", ${second}: "${second}/{stem}" }
  strength: strong
`;

async function open(files: Files, modalities: readonly [string, string]): Promise<Snapshot> {
  const { snapshot } = await indexed(await placeWith({ 'pairlab.yaml': PAIRLAB_YAML(...modalities), ...files }));
  onTestFinished(() => snapshot.close());
  return snapshot;
}

async function colour(width: number, height: number, r: number, g: number, b: number): Promise<Buffer> {
  return await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
}

/** Pictures of one colour and what they are called. */
async function pictures(): Promise<Snapshot> {
  const files = {
    'image/a.png': await colour(40, 20, 255, 0, 0),
    'image/b.png': await colour(8, 30, 0, 51, 255),
    'text/a.txt': 'red circle',
    'text/b.txt': 'blue blue',
  };
  return await open(files, ['image', 'text']);
}

function rowsOf({ ids, vectors, dimensions }: EmbeddingSet): Record<string, number[]> {
  return Object.fromEntries(
    ids.map((id, row) => [
      id,
      [...vectors.subarray(row * dimensions, (row + 1) * dimensions)].map((value) => Math.round(1e4 * value) / 1e4),
    ]),
  );
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab nothing '));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('an ONNX model', () => {
  beforeEach(needsPeer);

  it('of sentences gives the mean of the words, without padding and what is too long', async () => {
    const texts = { a: 'red', b: 'red blue circle', c: 'red red red red red red blue', d: 'red unknown' };
    const files = Object.fromEntries(Object.entries(texts).map(([stem, text]) => [`text/${stem}.txt`, text]));
    const sounds = Object.fromEntries(
      Object.keys(texts).map((stem, at) => [`audio/${stem}.wav`, sound({ samples: [at, 9] })]),
    );
    const snapshot = await open({ ...files, ...sounds }, ['text', 'audio']);
    const set = await embeddingsOf(snapshot, 'text', { encoder: await placeWith(sentenceModel()), name: 'words' });
    expect(rowsOf(set)).toEqual({
      'text/a.txt': [1, 0],
      'text/b.txt': [3, 0],
      'text/c.txt': [1, 0],
      'text/d.txt': [0.5, 0.5],
    });
    expect(set).toMatchObject({ encoder: 'words', dimensions: 2, unreadable: [], origin: { kind: 'model' } });
    expect(set.space).toBeUndefined();
  });

  it('of pictures is given the middle of each, in its own proportions', async () => {
    const set = await embeddingsOf(await pictures(), 'image', { encoder: await placeWith(pictureModel()) });
    expect(rowsOf(set)).toEqual({ 'image/a.png': [1, 0, 0, 1], 'image/b.png': [0, 0.2, 1, -0.2] });
  });

  it('of sounds is given its own sample rate', async () => {
    const samples = [8192];
    const snapshot = await open({ 'audio/a.wav': sound({ samples }), 'text/a.txt': 'a steady one' }, ['audio', 'text']);
    const set = await embeddingsOf(snapshot, 'audio', { encoder: await placeWith(soundModel()) });
    expect(set.vectors[0]).toBeCloseTo(0.25, 2);
    expect(set.vectors[1]).toBeCloseTo(0.5, 2);
  });

  it('of speech does not hear the silence that fills a sound up', async () => {
    const files = {
      'audio/short.wav': sound({ samples: [0, 7071, 10_000, 7071, 0, -7071, -10_000, -7071] }),
      'audio/long.wav': sound({ samples: [0, 10_000, 0, -10_000], sampleRate: 4000 }),
    };
    const texts = { 'text/short.txt': 'a tone', 'text/long.txt': 'the same tone' };
    const snapshot = await open({ ...files, ...texts }, ['audio', 'text']);
    const set = await embeddingsOf(snapshot, 'audio', { encoder: await placeWith(whisperModel()) });
    const { 'audio/short.wav': short = [], 'audio/long.wav': long = [] } = rowsOf(set);
    expect(short).toHaveLength(80);
    const band = short.indexOf(Math.max(...short));
    expect(long.indexOf(Math.max(...long))).toBe(band);
    // With the silence they would be −0.41 and −0.16.
    expect(short[band]).toBeGreaterThan(1.2);
    expect(Math.abs((short[band] ?? 0) - (long[band] ?? 0))).toBeLessThan(0.1);
  });

  it('with two sides gives both in one space, and its sets are listed', async () => {
    const snapshot = await pictures();
    const encoder = await placeWith(dualModel());
    const image = await embeddingsOf(snapshot, 'image', { encoder, name: 'dual' });
    const text = await embeddingsOf(snapshot, 'text', { encoder, name: 'dual' });
    expect(rowsOf(text)).toEqual({ 'text/a.txt': [3, -1], 'text/b.txt': [3, 2] });
    expect(image.space).toMatch(/-[0-9a-f]{6}$/);
    expect(text.space).toBe(image.space);
    const { space } = image;
    expect(await embeddingSetsOf(snapshot)).toEqual([
      { modality: 'image', name: 'dual', dimensions: 4, rows: 2, created: image.created, space },
      { modality: 'text', name: 'dual', dimensions: 2, rows: 2, created: text.created, space },
    ]);
  });

  it('that was exported as a whole is given an empty picture beside the texts', async () => {
    const set = await embeddingsOf(await pictures(), 'text', { encoder: await placeWith(wholeModel()) });
    expect(rowsOf(set)).toEqual({ 'text/a.txt': [3, -1], 'text/b.txt': [3, 2] });
  });

  it('encodes once: later its name is enough, even when its folder is gone', async () => {
    const snapshot = await pictures();
    const encoder = await placeWith(pictureModel());
    const set = await embeddingsOf(snapshot, 'image', { encoder, name: 'colours' });
    expect(await embeddingsOf(snapshot, 'image', { encoder: 'colours' })).toEqual(set);
    expect(await embeddingsOf(snapshot, 'image', { encoder, name: 'colours' })).toEqual(set);
    await rm(encoder, { recursive: true });
    expect(await embeddingsOf(snapshot, 'image', { encoder: 'colours' })).toEqual(set);
  });

  it('encodes again when its files have changed', async () => {
    const snapshot = await pictures();
    const encoder = await placeWith(pictureModel());
    await embeddingsOf(snapshot, 'image', { encoder, name: 'colours' });
    await addFiles(encoder, pictureModel('model.onnx', 'image_embeds'));
    expect((await embeddingsOf(snapshot, 'image', { encoder: 'colours' })).space).toBeDefined();
  });

  it('goes on where a stopped run was, and leaves nothing unfinished', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `${index}`);
    const files = Object.fromEntries(many.flatMap((stem) => [[`text/${stem}.txt`, `red ${stem}`]]));
    const sounds = Object.fromEntries(many.map((stem, at) => [`audio/${stem}.wav`, sound({ samples: [at, 9, 7] })]));
    const snapshot = await open({ ...files, ...sounds }, ['text', 'audio']);
    const encoder = await placeWith(sentenceModel());
    const stop = new AbortController();
    const first = embeddingsOf(snapshot, 'text', {
      encoder,
      name: 'words',
      signal: stop.signal,
      progress: ({ done }) => done >= 128 && stop.abort(),
    });
    await expect(first).rejects.toThrow('Stopped as asked');
    const steps: number[] = [];
    const progress = ({ done }: { done: number }): void => void steps.push(done);
    const set = await embeddingsOf(snapshot, 'text', { encoder, name: 'words', progress });
    expect(steps[0]).toBeGreaterThan(128);
    expect(set.ids).toHaveLength(300);
    const whole = await embeddingsOf(snapshot, 'text', { encoder, name: 'whole' });
    expect(set.vectors).toEqual(whole.vectors);
    const names = await namesIn(join(snapshot.dataset.folder, 'embeddings'));
    expect(names.toSorted()).toEqual(['text-whole', 'text-words']);
  });

  it('leaves out an item that can no longer be read, by name', async () => {
    const snapshot = await pictures();
    await rm(join(snapshot.dataset.root, 'image', 'a.png'));
    const set = await embeddingsOf(snapshot, 'image', { encoder: await placeWith(pictureModel()) });
    expect(set.ids).toEqual(['image/b.png']);
    expect(set.unreadable.map(({ item }) => item)).toEqual(['image/a.png']);
  });

  it('that gives class scores only is refused with what it gives', async () => {
    const encoder = await placeWith(pictureModel('model.onnx', 'logits'));
    await expect(embeddingsOf(await pictures(), 'image', { encoder })).rejects.toThrow(
      /gives logits, none of which are vectors of image items\. Export the model for feature extraction\.$/,
    );
  });

  it('that is damaged is refused', async () => {
    const encoder = await placeWith({ ...pictureModel(), 'model.onnx': 'no model' });
    await expect(embeddingsOf(await pictures(), 'image', { encoder })).rejects.toThrow(/cannot be used: .*model\.onnx/);
  });
});

describe('a folder of a model', () => {
  it.each([
    ['config.json', 'is not the configuration of a model'],
    ['preprocessor_config.json', 'has no preprocessor_config.json'],
    ['model.onnx', 'has no vision_model.onnx or model.onnx (float32) for image items, but model_quantized.onnx'],
  ])('without a good %s is refused', async (name, sentence) => {
    const { [name]: _, ...files } = pictureModel();
    const rest = name === 'config.json' ? { ...files, [name]: '{' } : { ...files, 'model_quantized.onnx': '' };
    await expect(embeddingsOf(await pictures(), 'image', { encoder: await placeWith(rest) })).rejects.toThrow(sentence);
  });

  it('names the command that installs the package, where it is missing', async () => {
    const encoder = await placeWith(pictureModel());
    const transformers = await emptyFolder();
    const refused = embeddingsOf(await pictures(), 'image', { encoder, transformers });
    await expect(refused).rejects.toThrow('Run `npm install --ignore-scripts @huggingface/transformers`');
    await expect(refused).rejects.toMatchObject({ kind: 'environment' });
  });
});
