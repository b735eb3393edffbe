import { describe, expect, it } from 'vitest';
import type { ProblemKind } from '../../../../src/protocol.ts';
import { problemsOf, type Staged } from './staged.ts';

async function sentencesOf(kind: ProblemKind, staged: Staged): Promise<string[]> {
  return (await problemsOf(kind, staged)).map(({ sentence }) => sentence);
}

describe('media that can be read and still say nothing', () => {
  const items = [
    { id: 'quiet.wav', silent: 1, clipped: 0, seconds: 1 },
    { id: 'speech.wav', silent: 0.4, clipped: 0.0001, seconds: 1 },
    { id: 'loud.wav', silent: 0, clipped: 0.125, seconds: 1 },
    { id: 'click.wav', silent: 0, clipped: 0, seconds: 0.02 },
    { id: 'damaged.wav', seconds: 0.01, readable: false },
    { id: 'flat.png', spread: 0, width: 20, height: 20 },
    { id: 'photo.png', spread: 0.2, width: 640, height: 480 },
    { id: 'pixel.png', spread: 0.2, width: 100, height: 1 },
  ];
  it.each([
    ['silent', 'quiet.wav is silent: record it again or exclude it.'],
    [
      'clipped',
      'loud.wav is clipped: 12.5 % of its samples are at full scale. Record it with less gain or exclude it.',
    ],
    ['too-short', 'click.wav lasts 0.020 s, less than 0.1 s: replace or exclude it.'],
    ['single-colour', 'flat.png shows a single colour: replace or exclude it.'],
    ['too-small', 'pixel.png has 100 × 1 pixels, less than 16 a side: replace or exclude it.'],
  ] as const)('are named: %s', async (kind, sentence) => {
    const [problem, ...others] = await problemsOf(kind, { items });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: 'warning', sentence, items: [problem?.where] });
    expect(problem?.fix).toEqual({ title: `Exclude ${problem?.where}`, exclude: [problem?.where] });
  });

  it('are not named before they were decoded, as far as only decoding tells', async () => {
    const undecoded = items.map(({ id }) => ({ id }));
    for (const kind of ['silent', 'clipped', 'single-colour'] as const) {
      expect(await sentencesOf(kind, { items: undecoded })).toEqual([]);
    }
  });
});

describe('an extension that lies', () => {
  it('is named, with a file that can be renamed', async () => {
    const [problem, ...others] = await problemsOf('wrong-extension', {
      items: [
        { id: 'a.b/photo.jpg', format: 'png' },
        { id: 'a.b/drawing.png', format: 'png' },
        { id: 'a.b/other.JPG', format: 'jpeg' },
      ],
    });
    expect(others).toEqual([]);
    expect(problem).toEqual({
      kind: 'wrong-extension',
      severity: 'warning',
      where: 'a.b/photo.jpg',
      sentence: 'a.b/photo.jpg is PNG, not what its extension .jpg promises: rename it to .png.',
      items: ['a.b/photo.jpg'],
      fix: { title: 'Rename it to a.b/photo.png', rename: { from: 'a.b/photo.jpg', to: 'a.b/photo.png' } },
    });
  });

  it('is not simply renamed when a table names it, an archive holds it, or its new name is taken', async () => {
    const problems = await problemsOf('wrong-extension', {
      items: [
        { id: 'a.jpg', format: 'png', named: 'p.csv#3' },
        { id: 'b.tar#1.jpg', modality: 'image', path: 'b.tar', member: '1.jpg', format: 'png' },
        { id: 'c.jpg', format: 'png' },
      ],
      files: ['a.jpg', 'b.tar', 'c.jpg', 'c.png'],
    });
    expect(problems.map(({ fix }) => fix)).toEqual([undefined, undefined, undefined]);
    expect(problems.map(({ sentence }) => sentence.split(': ')[1])).toEqual([
      'rename it to .png, and where p.csv#3 names it.',
      'correct it in the archive.',
      'rename it to .png.',
    ]);
  });
});

describe('texts that are missing', () => {
  it('are named in cells, and in files', async () => {
    const sentences = await sentencesOf('missing-text', {
      items: [
        { id: 'p.csv#1:text', text: 'nan' },
        { id: 'p.csv#2:text', text: ' NULL\n' },
        { id: 'p.csv#5:text', text: 'none of them' },
        { id: 'p.csv#6:text', text: 'NA' },
        { id: 'p.csv#7:text', text: 'na' },
        { id: 'a.txt', sha256: '9b2d5b4678781e53038e91ea5324530a03f27dc1d0e5f6c9bc9d493a23be9de0' },
        { id: 'b.txt', sha256: '9b2d5b4678781e53038e91ea5324530a03f27dc1d0e5f6c9bc9d493a23be9de1' },
      ],
    });
    expect(sentences).toEqual([
      'a.txt says "nan", which stands for a missing text: write the text or exclude it.',
      'p.csv#1:text says "nan", which stands for a missing text: write the text or exclude it.',
      'p.csv#2:text says "NULL", which stands for a missing text: write the text or exclude it.',
      'p.csv#6:text says "NA", which stands for a missing text: write the text or exclude it.',
    ]);
  });
});
