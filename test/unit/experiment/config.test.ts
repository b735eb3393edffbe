import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ExperimentConfig, outlineExperiment, settingsOf } from '../../../src/experiment/config.ts';
import { cellsOf, trainedCell } from '../../../src/experiment/grid.ts';
import { defaultSettings } from '../../../src/learning/settings.ts';
import { Method } from '../../../src/protocol.ts';

const outline = (text: string) => outlineExperiment('/somewhere/my.experiment.yaml', text);

describe('an experiment file', () => {
  it('needs only the two modalities, and takes the defaults of the learning room', () => {
    const config = ExperimentConfig.parse({ source: 'image', target: 'audio' });
    expect(config).toMatchObject({ dataset: 'pairlab.yaml', backend: 'auto', seeds: [0, 1, 2] });
    expect(config.methods).toEqual(['croma', 'align-classify', 'scratch']);
    expect(cellsOf(config, ['croma'])).toEqual([0, 1, 2].map((seed) => ({ method: 'croma', seed, pairNoise: 0 })));
    expect(settingsOf(config, { method: 'croma', seed: 7, pairNoise: 0 })).toEqual({ ...defaultSettings, seed: 7 });
  });

  it.each(['transformer', 'mixer', 'convolution'] as const)(
    'is refused for the network %s over embeddings, with what is possible, and not over media',
    (network) => {
      const text = `source: image\ntarget: audio\nnetwork: ${network}\n`;
      expect(outline(text).problems).toEqual([
        {
          line: 2,
          sentence:
            `"network" is ${network}, which takes tokens, but "inputs" is embeddings: a vector for each item. ` +
            'Set `inputs: media`, or `network: mlp` or `network: linear`.',
        },
      ]);
      expect(outline(`${text}inputs: media\n`).problems).toEqual([]);
    },
  );

  it('is refused for an encoder where there are no embeddings, or of a modality that takes no part', () => {
    const text = 'source: image\ntarget: text\nencoders:\n';
    expect(outline(`${text}  image: patches-pca\n`).problems).toEqual([]);
    expect(outline(`${text}  image: patches-pca\ninputs: media\n`).problems).toMatchObject([
      { sentence: '"encoders" makes vectors, but "inputs" is media. Leave out one of them.' },
    ]);
    expect(outline(`${text}  audio: log-mel-pca\n`).problems).toMatchObject([
      { sentence: '"encoders" names one for audio, which is neither "source" nor "target".' },
    ]);
  });

  it('may take its source from another dataset, of the same modality too, for methods that need no pairs', () => {
    const text = 'source: image\ntarget: image\nmethods: [mona, fine-tune]\n';
    expect(outline(text).problems).toMatchObject([{ sentence: expect.stringContaining('two different modalities') }]);
    expect(outline(`${text}sourceDataset: ../other\n`).problems).toEqual([]);
    const refused = [
      [
        'methods: [croma, mona, scratch]',
        '"methods" names croma, scratch, which learn from pairs, and with "sourceDataset" there are none. Possible: mona, warm-up, ',
      ],
      ['methods: [mona]\npairNoise: [0, 0.2]', '"pairNoise" is about pairs, and with "sourceDataset" there are none.'],
      [
        'methods: [mona]\npairsPerClass: [4]',
        '"pairsPerClass" is about pairs, and with "sourceDataset" there are none.',
      ],
    ] as const;
    for (const [settings, sentence] of refused) {
      const { problems } = outline(`source: image\ntarget: audio\nsourceDataset: ../other\n${settings}\n`);
      expect(problems).toMatchObject([{ sentence: expect.stringContaining(sentence) }]);
    }
  });

  it('is refused for patches of a text, and for the source’s embedder over anything but patches', () => {
    const text = 'source: image\ntarget: text\ninputs: patches\n';
    expect(outline(text).problems).toMatchObject([
      { line: 2, sentence: '"inputs" is patches, and a text has none. Set `inputs: media`.' },
    ]);
    const embedder = 'source: image\ntarget: audio\ntransfer: { embedder: source }\n';
    expect(outline(embedder).problems).toMatchObject([
      { line: 2, sentence: expect.stringContaining('`inputs: patches`') },
    ]);
    expect(outline(`${embedder}inputs: patches\n`).problems).toEqual([]);
  });

  it.each(['mlp', 'linear'])('may have the network %s over all kinds of inputs', (network) => {
    for (const inputs of ['embeddings', 'media', 'patches']) {
      const text = `source: image\ntarget: audio\nnetwork: ${network}\ninputs: ${inputs}\n`;
      expect(outline(text).problems).toEqual([]);
    }
  });

  it('has a JSON Schema that requires the modalities, knows every setting, and refuses others', () => {
    const schema = z.toJSONSchema(ExperimentConfig, { io: 'input' });
    expect(schema.required).toEqual(['source', 'target']);
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(['ways', 'shots', 'validateEvery']));
  });
});

describe('the grid of an experiment', () => {
  const config = ExperimentConfig.parse({
    ...{ source: 'image', target: 'audio', methods: ['croma', 'scratch'], seeds: [3, 4] },
    ...{ pairNoise: [0, 0.5], pairsPerClass: [2, 8], labelNoise: [0, 0.4] },
  });

  it('has a cell for each method, rate of pair noise, number of pairs and seed', () => {
    const cells = cellsOf(config, config.methods);
    expect(cells).toHaveLength(2 * 2 * 2 * 2);
    expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(16);
    expect(cells[0]).toEqual({ method: 'croma', seed: 3, pairNoise: 0, pairsPerClass: 2 });
  });

  it('tests all numbers of shots and rates of label noise within a cell', () => {
    const settings = settingsOf(config, { method: 'croma', seed: 3, pairNoise: 0.5, pairsPerClass: 2 });
    expect(settings).toMatchObject({ seed: 3, pairNoise: 0.5, pairsPerClass: 2, labelNoise: [0, 0.4] });
  });

  it('trains a method that sees no pair once a seed', () => {
    const trained = cellsOf(config, ['scratch']).map((cell) => JSON.stringify(trainedCell(cell)));
    expect(new Set(trained).size).toBe(2);
  });
});

describe('the outline of an experiment file', () => {
  it('offers the whole grid at its first key and each method at its own line', () => {
    const text = '# a comment\nsource: image\ntarget: audio\nmethods:\n  - croma # first\n\n  - scratch\n';
    expect(outline(text)).toEqual({
      name: 'my',
      targets: [{ line: 1 }, { line: 4, method: 'croma' }, { line: 6, method: 'scratch' }],
      problems: [],
    });
  });

  it('offers each method in brackets at the line that they share', () => {
    const { targets } = outline('source: text\ntarget: image\nmethods: [croma, scratch]\n');
    expect(targets).toEqual([{ line: 0 }, { line: 2, method: 'croma' }, { line: 2, method: 'scratch' }]);
  });

  it('takes the name that the file gives', () => {
    expect(outline('name: Birds\nsource: image\ntarget: audio\n').name).toBe('Birds');
  });

  it('names unknown settings with their line and what there is', () => {
    const { problems } = outline('source: image\ntarget: audio\nwayz: 3\n');
    expect(problems).toHaveLength(1);
    expect(problems[0]?.line).toBe(2);
    expect(problems[0]?.sentence).toMatch(/^There is no setting "wayz"\. Possible settings: .*\bways\b/);
  });

  it('names what is wrong within a group, at its line', () => {
    const { problems } = outline('source: image\ntarget: audio\ntransfer:\n  lambda: -1\n  alpha: 2\n');
    expect(problems).toEqual([
      { line: 3, sentence: '"transfer.lambda" is -1; it must be a number from 0 to 1000000.' },
      {
        line: 4,
        sentence: expect.stringMatching(/^There is no setting "alpha" in "transfer"\. .*\binnerLearningRate\b/),
      },
    ]);
  });

  it('names bad values with their line and what is possible, in the order of the lines', () => {
    const text = 'source: imag\nways: 1\nshots:\n  - 1\n  - zero\nmethods:\n  - croma\n  - crma\nlearningRate: 0\n';
    expect(outline(text).problems).toEqual([
      { line: 0, sentence: '"source" is "imag"; it must be one of image, audio, text.' },
      { line: 0, sentence: '"target" is missing; it must be one of image, audio, text.' },
      { line: 1, sentence: '"ways" is 1; it must be a whole number from 2 to 1000.' },
      { line: 4, sentence: 'Entry 2 of "shots" is "zero"; it must be a whole number from 1 to 1000.' },
      { line: 7, sentence: `Entry 2 of "methods" is "crma"; it must be one of ${Method.options.join(', ')}.` },
      { line: 8, sentence: '"learningRate" is 0; it must be a number above 0, at most 1.' },
    ]);
  });

  it('names noise that is no share, and numbers of pairs that are none', () => {
    const text = 'source: image\ntarget: audio\nlabelNoise: [0, 1.5]\npairNoise: 0.2\npairsPerClass: [0]\n';
    expect(outline(text).problems).toEqual([
      { line: 2, sentence: 'Entry 2 of "labelNoise" is 1.5; it must be a number from 0 to 1.' },
      { line: 3, sentence: '"pairNoise" is 0.2; it must be a list, each entry a number from 0 to 1.' },
      { line: 4, sentence: 'Entry 1 of "pairsPerClass" is 0; it must be a whole number from 1 to 1000000.' },
    ]);
  });

  it('refuses one modality on both sides, and what is named twice', () => {
    const { problems } = outline('source: image\ntarget: image\nseeds: [1, 1]\nmethods: [croma, croma]\n');
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(problems[1]?.sentence).toBe('"seeds" names 1 twice; each entry must be different.');
  });

  it.each([
    ['nothing', ''],
    ['a list', '- croma\n'],
    ['an open bracket', 'source: image\nmethods:\n  - croma\n  - ['],
    ['an alias', 'source: &a image\ntarget: *a\n'],
    ['a key twice', 'source: image\nsource: audio\n'],
    ['control characters', 'source: \u0000\u0007\n'],
    ['another document', 'source: image\n---\ntarget: audio\n'],
  ])('names a problem and does not throw for %s', (_what, text) => {
    expect(outline(text).problems.length).toBeGreaterThan(0);
  });

  it('still offers the methods of a file that is broken further down', () => {
    const { targets } = outline('source: image\nmethods:\n  - croma\nshots: [1,\n');
    expect(targets).toContainEqual({ line: 2, method: 'croma' });
  });
});
