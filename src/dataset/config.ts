import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { Modality, type ModalityPair, Strength } from '../protocol.ts';

const PLACEHOLDERS = /\{([^}]*)\}/g;

/** Where the items of one modality lie: `images/{class}/{stem}`, without the extension. */
const PathPattern = z
  .string()
  .refine((pattern) => placeholdersOf(pattern).includes('stem'), 'must contain {stem}')
  .refine(
    (pattern) => placeholdersOf(pattern).every((name) => ['split', 'class', 'stem'].includes(name)),
    'may contain {split}, {class} and {stem} only',
  )
  .refine(
    (pattern) => new Set(placeholdersOf(pattern)).size === placeholdersOf(pattern).length,
    'must not contain a placeholder twice',
  )
  .refine(isInside, 'must be a path below the root, with "/" between folders');

/** A column of a table: it holds paths of files, or the text itself. */
const Column = z.union([
  z.strictObject({
    path: z.string().describe('the column that holds paths'),
    folder: z.string().refine(isInside, 'must be a folder below the root').optional(),
  }),
  z.strictObject({ cell: z.string().describe('the column that holds the text itself') }),
]);
export type Column = z.infer<typeof Column>;

function perModality<T extends z.ZodType>(where: T) {
  return z
    .partialRecord(Modality, where)
    .refine((items) => Object.keys(items).length >= 2, 'needs at least two of image, audio and text: pairs link them');
}

const StemPairing = z.strictObject({
  layout: z.literal('stem'),
  items: perModality(PathPattern).refine(
    (items) => new Set(Object.values(items).map((pattern) => placeholdersOf(pattern).toSorted().join())).size === 1,
    'must use the same placeholders for every modality, or no two files could share them',
  ),
  stem: z.enum(['up-to-last-dot', 'up-to-first-dot']).default('up-to-last-dot'),
  strength: Strength,
});
export type StemPairing = z.infer<typeof StemPairing>;

const ClassFolderPairing = z.strictObject({
  layout: z.literal('class-folders'),
  items: perModality(
    PathPattern.refine((pattern) => placeholdersOf(pattern).includes('class'), 'must contain {class}'),
  ),
});
export type ClassFolderPairing = z.infer<typeof ClassFolderPairing>;

const TablePairing = z.strictObject({
  layout: z.literal('table'),
  file: z.string().refine(isInside, 'must be a file below the root'),
  items: perModality(Column).refine(
    (items) => Object.entries(items).every(([modality, column]) => modality === 'text' || 'path' in column),
    'can have a "cell" column for text only; images and sounds need a "path" column',
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
    .regex(
      /^[\p{L}\p{N}_][\p{L}\p{N}\p{M} ._-]*$/u,
      'must start with a letter or digit and hold only those, spaces, ".", "_" and "-"',
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
  const file = resolve(path);
  const config = await readConfig(file);
  const workspace = dirname(file);
  return {
    name: config.name,
    path: file,
    workspace,
    root: resolve(workspace, config.root),
    config,
    folder: join(workspace, '.pairlab', 'datasets', config.name),
  };
}

/** Dataset files (`pairlab.yaml`, `*.pairlab.yaml`) below a folder, sorted; not in hidden folders or node_modules. */
export async function findDatasets(_workspace: string): Promise<string[]> {
  throw new Error('not yet');
}

/** True for the names that {@link findDatasets} looks for. */
export function isDatasetFile(path: string): boolean {
  return basename(path) === DATASET_FILE || basename(path).endsWith(`.${DATASET_FILE}`);
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

async function readConfig(_file: string): Promise<DatasetConfig> {
  throw new Error('not yet');
}

function placeholdersOf(pattern: string): string[] {
  return [...pattern.matchAll(PLACEHOLDERS)].map((match) => match[1] ?? '');
}

/** A relative path with "/" that does not climb out. */
function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
}
