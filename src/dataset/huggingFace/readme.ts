import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { readTextIfThere } from '../../base/files.ts';

const Patterns = z.union([z.string().transform((pattern) => [pattern]), z.array(z.string())]);
const PatternsBySplit = z.union([
  Patterns.transform((patterns) => new Map([['train', patterns]])),
  z
    .array(z.object({ split: z.string(), path: Patterns }))
    .transform((list) => new Map(list.map(({ split, path }) => [split, path]))),
]);
const Configuration = z.object({
  config_name: z.coerce.string(),
  default: z.boolean().optional(),
  data_dir: z.string().optional(),
  data_files: PatternsBySplit.optional(),
});
const Card = z.object({ configs: z.array(Configuration).min(1) });

/** Which files a dataset's README names as data, for the configuration that is loaded when none is asked for. */
export interface DataFiles {
  /** Patterns by split; absent when the splits are inferred. */
  readonly patterns?: ReadonlyMap<string, readonly string[]>;
  /** The folder that patterns and inference start from; empty for the root. */
  readonly folder: string;
  /** Names of the configurations that were not looked at. */
  readonly others: readonly string[];
}

/** Reads the YAML header of a README.md; `undefined` when it has none or when it does not name data files. */
export function readDataFiles(readme: string): DataFiles | undefined {
  const header = /^\uFEFF?---\r?\n(.*?)\r?\n---(?:\r?\n|$)/s.exec(readme)?.[1];
  if (header === undefined) return undefined;
  const card = Card.safeParse(parseYaml(header)).data;
  const [first] = card?.configs ?? [];
  if (card === undefined || first === undefined) return undefined;
  const isDefault = (config: typeof first): boolean => config.default === true || config.config_name === 'default';
  const chosen = card.configs.find(isDefault) ?? first;
  return {
    ...(chosen.data_files && { patterns: chosen.data_files }),
    folder: chosen.data_dir === undefined ? '' : `${chosen.data_dir.replace(/^(\.\/)+|\/+$/g, '')}/`,
    others: card.configs.filter((config) => config !== chosen).map((config) => config.config_name),
  };
}

/** The text of the README.md of a folder, if there is one. */
export async function readCard(root: string): Promise<string | undefined> {
  return await readTextIfThere(join(root, 'README.md'));
}

/** Untrusted: aliases are not expanded, so that a few lines cannot grow into millions. */
function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}
