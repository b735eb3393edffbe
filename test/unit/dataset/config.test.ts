import { describe, expect, it } from 'vitest';
import { checkYaml } from '../../../src/base/yaml.ts';
import { DatasetConfig, modalityPairsOf } from '../../../src/dataset/config.ts';

const table = `name: digits
pairing:
  layout: table
  file: pairs.csv
  items:
    audio: { path: audio }
    text: { cell: word }
    image: { path: image }
  strength: weak
`;

function problemsOf(yaml: string): string[] {
  return checkYaml(yaml, DatasetConfig).problems.map(({ line, sentence }) => `${line + 1}: ${sentence}`);
}

describe('a dataset file', () => {
  it('gives the pairs of modalities in its own order', () => {
    const { value, problems } = checkYaml(table, DatasetConfig);
    expect(problems).toEqual([]);
    expect(value && modalityPairsOf(value).map(({ first, second }) => `${first}-${second}`)).toEqual([
      'audio-text',
      'audio-image',
      'text-image',
    ]);
    expect(value?.root).toBe('.');
  });

  it('names an unknown setting with its line and the possible ones, at any depth', () => {
    expect(problemsOf(`${table}splits: x\n`)).toEqual([
      '10: There is no setting "splits". Possible settings: name, root, pairing.',
    ]);
    expect(problemsOf(table.replace('  strength', '  strenght: strong\n  strength'))).toEqual([
      '9: There is no setting "strenght" in "pairing". Possible settings: layout, file, items, id, class, split, source, strength.',
    ]);
    expect(problemsOf(table.replace('text:', 'video:'))).toEqual([
      '7: There is no setting "video" in "pairing.items". Possible settings: image, audio, text.',
    ]);
  });

  it('names what is missing and what it must be', () => {
    expect(problemsOf(table.replace('  strength: weak\n', ''))).toEqual([
      '3: "pairing.strength" is missing; it must be one of strong, weak.',
    ]);
    expect(problemsOf('name: a\n')).toEqual([
      expect.stringMatching(/^1: "pairing" is missing; it must be settings whose layout is one of .*stem.*table/),
    ]);
    expect(problemsOf(table.replace('layout: table', 'layout: folders'))).toEqual([
      expect.stringMatching(/^3: "pairing.layout" is "folders"; it must be one of .*stem, class-folders.*table/),
    ]);
  });

  it('refuses one modality alone', () => {
    const alone = 'name: a\npairing:\n  layout: stem\n  items:\n    image: "{stem}"\n  strength: strong\n';
    expect(problemsOf(alone)).toEqual([
      '5: "items" needs at least two of image, audio and text: a pair links two modalities.',
    ]);
  });

  it.each([
    ['../{stem}', 'stay below the root'],
    ['/abs/{stem}', 'stay below the root'],
    ['images/{name}', 'must contain {stem}'],
    ['{stem}/{stem}', 'must not contain a placeholder twice'],
  ])('refuses the pattern %s', (pattern, reason) => {
    const yaml = `name: a\npairing:\n  layout: stem\n  items:\n    image: "${pattern}"\n    text: "{stem}"\n  strength: strong\n`;
    expect(problemsOf(yaml).join()).toContain(reason);
  });

  it('refuses a name that could not be a folder, and pictures in cells', () => {
    expect(problemsOf(table.replace('digits', '../x')).join()).toContain('it names a folder');
    expect(problemsOf(table.replace('image: { path', 'image: { cell')).join()).toContain(
      'Only text can stand in a "cell"',
    );
  });
});
