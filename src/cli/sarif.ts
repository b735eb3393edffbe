import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { extname, isAbsolute, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { problemKinds } from '../dataset/checks/kinds.ts';
import type { Dataset } from '../dataset/config.ts';
import { type Problem, ProblemKind, problemTitles } from '../protocol.ts';

/** GitHub accepts no more results in one run. */
export const MOST_RESULTS = 25_000;

const LEVELS = { error: 'error', warning: 'warning', information: 'note' } as const;

/**
 * Problems in SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), for annotations in CI. A rule is a kind of problem;
 * files are named relative to the working folder where they lie below it, as CI expects. `total` counts all problems.
 */
export function toSarif(dataset: Dataset, problems: readonly Problem[], total: number): object {
  const kinds = ProblemKind.options.filter((kind) => problems.some((problem) => problem.kind === kind));
  const fingerprints = new Fingerprints();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'PairLab', rules: kinds.map(toRule) } },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: leftOut(total - problems.length) }],
        results: problems.map((problem) => ({
          ruleId: problem.kind,
          ruleIndex: kinds.indexOf(problem.kind),
          level: LEVELS[problem.severity],
          message: { text: problem.sentence },
          locations: [toLocation(dataset, problem.where)],
          partialFingerprints: { 'pairlab/v1': fingerprints.of(problem) },
        })),
      },
    ],
  };
}

function toRule(kind: ProblemKind): object {
  const { meaning, advice } = problemKinds[kind];
  return {
    id: kind,
    shortDescription: { text: problemTitles[kind] },
    fullDescription: { text: meaning },
    help: { text: `${meaning} ${advice}` },
  };
}

function leftOut(hidden: number): object[] {
  if (hidden === 0) return [];
  const text = `${hidden.toLocaleString('en')} more problems are not listed: \`pairlab check --all\` names them all.`;
  return [{ level: 'warning', message: { text } }];
}

function toLocation(dataset: Dataset, where: string): object {
  const { file, row } = where === '.' ? { file: dataset.path } : split(dataset.root, where);
  const line = row === undefined ? undefined : lineOf(file, row);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(line !== undefined && { region: { startLine: line } }),
    },
    logicalLocations: [{ fullyQualifiedName: where }],
  };
}

/** A name may hold "#" itself, so the longest start that is a file counts. */
function split(root: string, where: string): { file: string; row?: number } {
  const cuts = [...where.matchAll(/#/g)].map(({ index }) => index).reverse();
  const cut = existsSync(join(root, where))
    ? undefined
    : (cuts.find((at) => existsSync(join(root, where.slice(0, at)))) ?? cuts.at(-1));
  if (cut === undefined) return { file: join(root, where) };
  const row = /^\d+(?=:|$)/.exec(where.slice(cut + 1))?.[0];
  return { file: join(root, where.slice(0, cut)), ...(row !== undefined && { row: Number(row) }) };
}

/** Rows are counted after the header; of other files than these a row is not a line. */
function lineOf(file: string, row: number): number | undefined {
  const extension = extname(file).toLowerCase();
  if (['.csv', '.tsv'].includes(extension)) return row + 1;
  return ['.jsonl', '.ndjson', '.txt', '.token'].includes(extension) ? row : undefined;
}

function uriOf(file: string): string {
  const path = relative(process.cwd(), file);
  if (path.startsWith('..') || isAbsolute(path)) return pathToFileURL(file).href;
  return path.split(/[\\/]/).map(encodeURIComponent).join('/');
}

/** Names a problem over several runs, whatever the numbers in its sentence; the same one again gets a number. */
class Fingerprints {
  readonly #times = new Map<string, number>();

  of({ kind, where, items }: Problem): string {
    const hash = createHash('sha256')
      .update(JSON.stringify([kind, where, items]))
      .digest('hex')
      .slice(0, 16);
    const time = (this.#times.get(hash) ?? 0) + 1;
    this.#times.set(hash, time);
    return `${hash}:${time}`;
  }
}
