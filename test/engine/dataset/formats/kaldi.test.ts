import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/base/errors.ts';
import { kaldi } from '../../../../src/dataset/formats/kaldi.ts';
import type { Files } from '../place.ts';
import { faults, inWords, proposed, readFiles } from './read.ts';

function read(files: Files) {
  const transcripts = [{ folder: 'data/train', split: 'train', audio: '.' }];
  const below = Object.entries(files).map(([name, text]) => [`data/train/${name}`, text]);
  return readFiles(kaldi, { layout: 'kaldi', transcripts }, Object.fromEntries(below));
}

describe('Kaldi data folders', () => {
  it('pairs recordings with their words', async () => {
    const found = await read({
      'wav.scp': 'u1 wavs/a 1.wav\nu2\twavs/b.wav\n',
      text: 'u1 hello  world\nu2\tbye\n',
      utt2spk: 'u1 anna\nu2 ben\n',
      spk2utt: 'anna u1\n',
    });
    expect(inWords(found)).toEqual([
      'wavs/a 1.wav — data/train/text#1: hello  world',
      'wavs/b.wav — data/train/text#2: bye',
    ]);
    expect(found.items[0]).toMatchObject({ source: 'anna', split: 'train' });
    expect(found.pairs[0]).toMatchObject({ key: 'u1', split: 'train' });
    expect(found.problems).toEqual([]);
  });

  it('pairs segments of recordings with their words', async () => {
    const found = await read({
      'wav.scp': 'rec wavs/rec.flac\n',
      segments: 'u1 rec 0.5 2.25\nu2 rec 2.25 -1\n',
      text: 'u1 hello\nu2 bye\n',
    });
    expect(inWords(found)).toEqual([
      'wavs/rec.flac#0.5-2.25 — data/train/text#1: hello',
      'wavs/rec.flac#2.25- — data/train/text#2: bye',
    ]);
    expect(found.items[0]).toMatchObject({ path: 'wavs/rec.flac', start: 0.5, end: 2.25 });
  });

  it('never runs a command, and names it', async () => {
    const found = await read({
      'wav.scp': 'u1 touch /tmp/pairlab-was-here |\nu2 raw.ark:17\nu3 -\nu4 a.wav\n',
      text: 'u1 hello\nu4 fine\n',
    });
    expect(faults(found)).toEqual([
      'unsupported-format data/train/wav.scp#1',
      'unsupported-format data/train/wav.scp#2',
      'unsupported-format data/train/wav.scp#3',
      'bad-row data/train/text#1',
    ]);
    expect(found.pairs).toHaveLength(1);
  });

  it('keeps utterances without words as items', async () => {
    const found = await read({ 'wav.scp': 'u1 a.wav\nu2 b.wav\n', text: 'u1 hello\n' });
    expect(found.items.map(({ id }) => id)).toEqual(['a.wav', 'b.wav', 'data/train/text#1']);
  });

  it('names segments without recording or times, ids that come again, words without sound, and paths that lead outside', async () => {
    const found = await read({
      'wav.scp': 'r a.wav\nr b.wav\nout /etc/passwd\n',
      segments: 'u1 r 0 1\nu2 lost 0 1\nu3 r 1\nu4 r 2 1\nu5 r x y\n',
      text: 'u1 hello\nu1 again\nu9 nobody\nu1\n',
    });
    expect(faults(found).toSorted()).toEqual([
      'bad-row data/train/segments#2',
      'bad-row data/train/segments#3',
      'bad-row data/train/segments#4',
      'bad-row data/train/segments#5',
      'bad-row data/train/text#2',
      'bad-row data/train/text#3',
      'bad-row data/train/text#4',
      'bad-row data/train/wav.scp#2',
      'outside-root data/train/wav.scp#3',
    ]);
  });

  it('refuses a folder without wav.scp or text', async () => {
    await expect(read({ text: 'u1 hello\n' })).rejects.toThrow(InputError);
    await expect(read({ 'wav.scp': 'u1 a.wav\n' })).rejects.toThrow(InputError);
  });

  it('turns every line of any text into a pair or a problem', async () => {
    const part = fc.string({ unit: fc.constantFrom('u', '1', ' ', '\t', '/', '.', '|', '-') });
    await fc.assert(
      fc.asyncProperty(fc.array(part), fc.array(part), fc.array(part), async (scp, segments, text) => {
        const found = await read({ 'wav.scp': scp.join('\n'), segments: segments.join('\n'), text: text.join('\n') });
        const count = (lines: string[]) => lines.filter((line) => line.trim() !== '').length;
        const ofText = found.problems.filter(({ where }) => String(where).includes('/text#'));
        const ofSegments = found.problems.filter(({ where }) => String(where).includes('/segments#'));
        const sounds = found.items.filter(({ modality }) => modality === 'audio');
        expect(found.pairs.length + ofText.length).toBe(count(text));
        expect(sounds.length + ofSegments.length).toBe(count(segments));
      }),
      { numRuns: 40 },
    );
  });
});

describe('recognising Kaldi data folders', () => {
  it('finds the folder that the paths are relative to', async () => {
    const files = { wav: 'x', 'wav.scp': 'u1 wavs/a.wav\n', text: 'u1 hello\n' };
    expect(
      await proposed(kaldi, {
        'data/train_clean/wav.scp': files['wav.scp'],
        'data/train_clean/text': files.text,
        'data/test/wav.scp': 'u1 cat wavs/a.wav |\n',
        'data/test/text': files.text,
        'corpus/wavs/a.wav': 'x',
      }),
    ).toEqual([{ layout: 'kaldi', transcripts: [{ folder: 'data/train_clean', split: 'train', audio: 'corpus' }] }]);
  });
});
