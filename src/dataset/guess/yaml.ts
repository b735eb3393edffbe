import { stringify } from 'yaml';
import type { DatasetConfig } from '../config.ts';
import type { Candidate } from '../formats/format.ts';

const WIDTH = 110;

/** The dataset file of a candidate, with a comment above every setting that was chosen. */
export function writeYaml(
  { name, root }: Pick<DatasetConfig, 'name' | 'root'>,
  { pairing, reasons }: Candidate<DatasetConfig['pairing']>,
  findings: readonly string[],
): string {
  const settings = Object.entries(pairing).flatMap(([setting, value]) => [
    ...commented(reasons[setting], '  '),
    ...indented(stringify({ [setting]: value }, { lineWidth: 0 })),
  ]);
  return [
    '# A PairLab dataset: where the items are and how they pair. `pairlab index` reads it.',
    ...findings.flatMap((finding) => commented(finding, '')),
    stringify({ name }).trimEnd(),
    '# The folder that all paths below are relative to; itself relative to this file.',
    stringify({ root }).trimEnd(),
    'pairing:',
    ...settings,
    '',
  ].join('\n');
}

function indented(yaml: string): string[] {
  return yaml
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}

/** Wrapped, and without line breaks of its own: a name may hold some. */
function commented(text: string | undefined, indent: string): string[] {
  if (text === undefined) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((wrapped) => `${indent}# ${wrapped}`);
}
