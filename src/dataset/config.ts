import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { isFolder, readTextIfThere } from '../base/files.ts';
import { checkYaml } from '../base/yaml.ts';
import { Modality, type ModalityPair, Strength } from '../protocol.ts';
import { walkFolder } from './walk.ts';

const PLACEHOLDERS = /\{([^}]*)\}/g;

/** Where the items of one modality lie: `images/{class}/{stem}`, without the extension. */
const PathPattern = z
  .string()
  .refine((pattern) => placeholdersOf(pattern).includes('stem'), 'A path pattern must contain {stem}.')
  .refine(
    (pattern) => placeholdersOf(pattern).every((name) => ['split', 'class', 'stem'].includes(name)),
    'A path pattern may contain {split}, {class} and {stem} only.',
  )
  .refine(
    (pattern) => new Set(placeholdersOf(pattern)).size === placeholdersOf(pattern).length,
    'A path pattern must not contain a placeholder twice.',
  )
  .refine(isInside, 'A path pattern must stay below the root and have "/" between folders.');

/** A column of a table: it holds paths of files, or the text itself. */
const Column = z.union([
  z.strictObject({
    path: z.string().describe('the column that holds paths'),
    folder: z
      .string()
      .refine(isInside, '"folder" must be a folder below the root, with "/" between folders.')
      .optional(),
  }),
  z.strictObject({ cell: z.string().describe('the column that holds the text itself') }),
]);
export type Column = z.infer<typeof Column>;

function perModality<T extends z.ZodType>(where: T) {
  return z
    .partialRecord(Modality, where)
    .refine(
      (items) => Object.keys(items).length >= 2,
      '"items" needs at least two of image, audio and text: a pair links two modalities.',
    );
}

const StemPairing = z.strictObject({
  layout: z.literal('stem'),
  items: perModality(PathPattern).refine(
    (items) => new Set(Object.values(items).map((pattern) => placeholdersOf(pattern).toSorted().join())).size === 1,
    'Every pattern of "items" must use the same placeholders, because they name the pair.',
  ),
  stem: z.enum(['up-to-last-dot', 'up-to-first-dot']).default('up-to-last-dot'),
  strength: Strength,
});
export type StemPairing = z.infer<typeof StemPairing>;

const ClassFolderPairing = z.strictObject({
  layout: z.literal('class-folders'),
  items: perModality(
    PathPattern.refine(
      (pattern) => placeholdersOf(pattern).includes('class'),
      'A path pattern of class folders must contain {class}.',
    ),
  ),
});
export type ClassFolderPairing = z.infer<typeof ClassFolderPairing>;

const TablePairing = z.strictObject({
  layout: z.literal('table'),
  file: z.string().refine(isInside, '"file" must be a table below the root, with "/" between folders.'),
  items: perModality(Column).refine(
    (items) => Object.entries(items).every(([modality, column]) => modality === 'text' || 'path' in column),
    'Only text can stand in a "cell" column; images and sounds need a "path" column.',
  ),
  id: z.string().optional(),
  class: z.string().optional(),
  split: z.string().optional(),
  strength: Strength,
});
export type TablePairing = z.infer<typeof TablePairing>;

/** The schema of pairlab.yaml. Unknown keys are refused. */
export const DatasetConfig = z.strictObject({
  name: z
    .string()
    .refine(
      (name) => /^[\p{L}\p{N}_][\p{L}\p{N}\p{M} ._-]*$/u.test(name),
      '"name" must start with a letter or digit and hold only those, spaces, ".", "_" and "-": it names a folder.',
    ),
  root: z.string().default('.'),
  pairing: z.discriminatedUnion('layout', [StemPairing, ClassFolderPairing, TablePairing]),
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

export const DATASET_FILE = 'pairlab.yaml';

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
  for await (const entry of walkFolder(resolve(workspace))) {
    if (isDatasetFile(entry.path)) found.push(join(resolve(workspace), entry.path));
  }
  return found.sort();
}

/** True for the names that {@link findDatasets} looks for. */
export function isDatasetFile(path: string): boolean {
  return basename(path) === DATASET_FILE || basename(path).endsWith(`.${DATASET_FILE}`);
}

/** True for files that PairLab itself put below a root: datasets, experiments, exclusions. They are never items. */
export function isOwnFile(path: string): boolean {
  return isDatasetFile(path) || /\.(experiment\.ya?ml|exclusions\.jsonl)$/.test(path);
}

/** The modalities of a dataset, in the order of its file. */
export function modalitiesOf(config: DatasetConfig): Modality[] {
  return Object.keys(config.pairing.items).map((name) => Modality.parse(name));
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

function placeholdersOf(pattern: string): string[] {
  return [...pattern.matchAll(PLACEHOLDERS)].map((match) => match[1] ?? '');
}

/** A relative path with "/" that does not climb out. */
function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
}
