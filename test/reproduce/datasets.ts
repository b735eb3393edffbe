import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../src/base/files.ts';
import type { Pairlab } from './pairlab.ts';

/** A dataset of the reproduction, and how its folder comes to be. */
export interface ReproducedDataset {
  readonly name: string;
  readonly what: string;
  /** Whether the trials are made on it as well, in every direction that has an experiment with all methods. */
  readonly hasTrials: boolean;
  /** Makes the folder, with a pairlab.yaml. False where its data is not to be had. */
  make(folder: string, pairlab: Pairlab): Promise<boolean>;
}

/** Where digits and emoji lie: real data that is not part of the project. */
const REAL = process.env.DATA;

export const datasets: readonly ReproducedDataset[] = [
  {
    name: 'pictures',
    hasTrials: false,
    what: 'PairLab’s own sample once more, of another seed, 400 instances each: its pictures are what models of MoNA’s family are trained on',
    async make(folder, pairlab) {
      pairlab('sample', folder, '--seed', '3', '--pairs-per-class', '400', '--force');
      pairlab('init', folder, '--force');
      return true;
    },
  },
  {
    name: 'sample',
    hasTrials: true,
    what: 'PairLab’s own sample: 48 concepts, 100 instances each, drawn, sounded and described',
    async make(folder, pairlab) {
      pairlab('sample', folder, '--pairs-per-class', '100', '--force');
      pairlab('init', folder, '--force');
      const yaml = await readFile(join(folder, 'pairlab.yaml'), 'utf8');
      const weak = yaml.replace(/^name: .*/m, 'name: weak').replace(/^( *strength:) strong.*$/gm, '$1 weak');
      await writeFile(join(folder, 'weak.yaml'), weak);
      pairlab('index', join(folder, 'weak.yaml'));
      return true;
    },
  },
  {
    name: 'digits',
    hasTrials: false,
    what: 'MNIST pictures and spoken digits, 3,000 weak pairs of 10 classes',
    make: (folder, pairlab) => copyReal('digits', folder, pairlab, (yaml) => yaml),
  },
  {
    name: 'emoji',
    hasTrials: false,
    what: 'emoji pictures and their names, by subgroup',
    make: (folder, pairlab) =>
      copyReal('emoji', folder, pairlab, (yaml) => yaml.replace(/^ {2}class: class$/m, '  class: subclass')),
  },
];

async function copyReal(
  name: string,
  folder: string,
  pairlab: Pairlab,
  change: (yaml: string) => string,
): Promise<boolean> {
  if (REAL === undefined || !(await exists(join(REAL, name)))) return false;
  await mkdir(folder, { recursive: true });
  await cp(join(REAL, name), folder, { recursive: true });
  pairlab('init', folder, '--force');
  const path = join(folder, 'pairlab.yaml');
  await writeFile(path, change(await readFile(path, 'utf8')));
  return true;
}
