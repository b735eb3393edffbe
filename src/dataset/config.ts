import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { breathe } from '../base/concurrency.ts';
import { InputError } from '../base/errors.ts';
import { isFolder, readTextIfThere } from '../base/files.ts';
import { checkYaml } from '../base/yaml.ts';
import type { Modality, ModalityPair } from '../protocol.ts';
import { modalitiesOfPairing, Pairing } from './formats/formats.ts';
import { DATASET_FILE, isDatasetFile } from './ownFiles.ts';
import { walkFolder } from './walk.ts';

/** The schema of pairlab.yaml. Unknown keys are refused. */
export const DatasetConfig = z.strictObject({
  name: z
    .string()
    .refine(
      (name) => /^[\p{L}\p{N}_][\p{L}\p{N}\p{M} ._-]*$/u.test(name),
      '"name" must start with a letter or digit and hold only those, spaces, ".", "_" and "-": it names a folder.',
    ),
  root: z.string().default('.'),
  pairing: Pairing,
});
export type DatasetConfig = z.infer<typeof DatasetConfig>;

/** A dataset file that was read and checked, with its places on disk. */
export interface Dataset {
  readonly name: string;
  /** Absolute path of the pairlab.yaml. */
  readonly path: string;
  /** The folder of the pairlab.yaml. */
  readonly workspace: string;
  /** Absolute path of the folder that all media lie below. */
  readonly root: string;
  readonly config: DatasetConfig;
  /** `<workspace>/.pairlab/datasets/<name>`: everything computed from this dataset. */
  readonly folder: string;
}

const NAMES_BETWEEN_BREATHS = 5000;

/** Reads a dataset file, or the pairlab.yaml of a folder. Throws {@link InputError} naming file and line. */
export async function loadDataset(path: string): Promise<Dataset> {
  const absolute = resolve(path);
  const file = /\.ya?ml$/.test(absolute) ? absolute : join(absolute, DATASET_FILE);
  const config = await readConfig(file);
  const workspace = dirname(file);
  const root = resolve(workspace, config.root);
  if (!(await isFolder(root))) {
    throw new InputError(`${file}: the root ${root} is not a folder. Correct "root", which is relative to the file.`);
  }
  return {
    name: config.name,
    path: file,
    workspace,
    root,
    config,
    folder: join(workspace, '.pairlab', 'datasets', config.name),
  };
}

/** Dataset files (`pairlab.yaml`, `*.pairlab.yaml`) below a folder, sorted; not in hidden folders or node_modules. */
export async function findDatasets(workspace: string): Promise<string[]> {
  const found: string[] = [];
  let seen = 0;
  for (const entry of walkFolder(resolve(workspace))) {
    if (entry.kind !== 'special' && isDatasetFile(entry.path)) found.push(join(resolve(workspace), entry.path));
    if (++seen % NAMES_BETWEEN_BREATHS === 0) await breathe();
  }
  return found.sort();
}

/** The modalities of a dataset, in the order of its file. */
export function modalitiesOf(config: DatasetConfig): Modality[] {
  return modalitiesOfPairing(config.pairing);
}

/** Every two modalities, in the order of the dataset file. */
export function modalityPairsOf(config: DatasetConfig): ModalityPair[] {
  const modalities = modalitiesOf(config);
  return modalities.flatMap((first, index) => modalities.slice(index + 1).map((second) => ({ first, second })));
}

async function readConfig(file: string): Promise<DatasetConfig> {
  const text = await readTextIfThere(file);
  if (text === undefined) {
    const advice = (await isFolder(dirname(file)))
      ? `run \`pairlab init ${JSON.stringify(dirname(file))}\` to have one proposed`
      : 'correct the path';
    throw new InputError(`There is no dataset file ${file}: ${advice}.`);
  }
  const { value, problems } = checkYaml(text, DatasetConfig);
  if (value === undefined) {
    throw new InputError(problems.map(({ line, sentence }) => `${file}:${line + 1}: ${sentence}`).join('\n'));
  }
  return value;
}
