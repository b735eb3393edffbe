import type { Row } from '../base/database.ts';
import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { Modality, type Problem, ProblemKind, Severity, type SnapshotSummary } from '../protocol.ts';
import { type Dataset, type DatasetConfig, isOwnFile, modalityPairsOf } from './config.ts';
import { findDuplicates } from './duplicates.ts';
import { type Examined, examineItems } from './examine.ts';
import { type Found, find, lonersOf } from './find.ts';
import type { FoundItem, FoundPair, Place } from './formats/format.ts';
import { compareClasses, compareSplits, distinctLabels } from './labels.ts';
import { type PAIR_COLUMNS, type SnapshotTables, snapshotIdOf, writeSnapshot } from './snapshotFiles.ts';
import { listFiles } from './walk.ts';

export interface Indexed {
  readonly summary: SnapshotSummary;
  /** Files whose bytes were read in this run. */
  readonly reread: number;
  /** Files known from an earlier run by path, size and time of change. */
  readonly reused: number;
  readonly seconds: number;
}

/**
 * Files → items → pairs → problems → snapshot, which becomes the current one. Nothing is written when it is cancelled.
 * Throws {@link InputError} when the root holds no item of the dataset.
 */
export async function indexDataset(dataset: Dataset, job: Job = {}): Promise<Indexed> {
  const started = performance.now();
  const { files, problems: refusals } = await listFiles(dataset.root, job);
  const place: Place = {
    root: dataset.root,
    files: files.filter((file) => !isOwnFile(file.path)),
    refused: new Set(refusals.filter(({ kind }) => kind === 'outside-root').map(({ where }) => where)),
  };
  const found = await find(dataset.config.pairing, place, job.signal);
  if (found.items.length === 0) {
    throw new InputError(
      `There is no item of ${dataset.name} below ${dataset.root} (${place.files.length} files). Correct "root" or "pairing" in ${dataset.path}, or let \`pairlab init\` propose them.`,
    );
  }
  const byPath = new Map(files.map((file) => [file.path, file]));
  const { examined, reread, reused } = await examineItems(dataset, found.items, byPath, job);
  const problems = inOrder([
    ...refusals,
    ...found.problems,
    ...mediaProblems(found.items, examined),
    ...findDuplicates(found.items, examined),
    ...unnamedLoners(found),
  ]);
  const tables = tabulate(found, examined, problems);
  const described = summarise(dataset.config, found, problems, snapshotIdOf(tables));
  job.progress?.({ stage: 'writing the snapshot', done: 0 });
  const summary = await writeSnapshot(dataset, described, tables, job.signal);
  return { summary, reread, reused, seconds: (performance.now() - started) / 1000 };
}

function mediaProblems(items: readonly FoundItem[], examined: readonly Examined[]): Problem[] {
  return items.flatMap((item, index) => {
    const { problem: kind, fault } = examined[index] ?? {};
    if (kind === undefined || fault === undefined) return [];
    const severity = kind === 'unsupported-format' ? 'warning' : 'error';
    return [{ kind, severity, where: item.id, sentence: `${item.id} ${fault}`, items: [item.id] }];
  });
}

/** Every item without a pair is named by a problem; this names those that their layout had no reason to. */
function unnamedLoners(found: Found): Problem[] {
  const named = new Set(found.problems.flatMap((problem) => problem.items));
  return lonersOf(found)
    .filter(({ id }) => !named.has(id))
    .map(({ id }) => ({
      kind: 'missing-counterpart',
      severity: 'warning',
      where: id,
      sentence: `${id} takes part in no pair.`,
      items: [id],
    }));
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const rank = ({ severity, kind }: Problem): number =>
    Severity.options.indexOf(severity) * ProblemKind.options.length + ProblemKind.options.indexOf(kind);
  return problems.toSorted((a, b) => rank(a) - rank(b) || compare(a.where, b.where) || compare(a.sentence, b.sentence));
}

function tabulate(found: Found, examined: readonly Examined[], problems: readonly Problem[]): SnapshotTables {
  const readable = new Set<string>();
  const items = found.items.map((item, index) => {
    const { header, bytes, sha256, problem } = examined[index] ?? { header: {}, bytes: 0 };
    if (problem === undefined) readable.add(item.id);
    return { ...item, ...header, bytes, sha256, readable: problem === undefined };
  });
  return {
    items: items.toSorted((a, b) => compare(a.id, b.id)),
    pairs: pairRows(found.pairs, readable, problems),
    problems: problems.map((problem, position) => ({ position, ...problem })),
  };
}

function pairRows(
  pairs: readonly FoundPair[],
  readable: ReadonlySet<string>,
  problems: readonly Problem[],
): Row<typeof PAIR_COLUMNS>[] {
  const problemsOf = new Map<string, number[]>();
  for (const [index, problem] of problems.entries()) {
    if (problem.severity === 'information') continue;
    for (const item of problem.items) problemsOf.set(item, [...(problemsOf.get(item) ?? []), index]);
  }
  return withIds(pairs).map(({ id, pair: { first, second, ...pair } }, position) => ({
    position,
    id,
    ...pair,
    firstModality: first.modality,
    firstItem: first.item,
    secondModality: second.modality,
    secondItem: second.item,
    readable: readable.has(first.item) && readable.has(second.item),
    problems: new Set([...(problemsOf.get(first.item) ?? []), ...(problemsOf.get(second.item) ?? [])]).size,
  }));
}

/** Ordered by key and id. A key that comes again gets a number: `dog:image-text`, `dog:image-text#2`. */
function withIds(pairs: readonly FoundPair[]): { id: string; pair: FoundPair }[] {
  const times = new Map<string, number>();
  const taken = new Set<string>();
  const identified = pairs.map((pair) => {
    const name = `${pair.key}:${pair.first.modality}-${pair.second.modality}`;
    let [id, time] = [name, times.get(name) ?? 1];
    while (taken.has(id)) id = `${name}#${++time}`;
    times.set(name, time);
    taken.add(id);
    return { id, pair };
  });
  return identified.sort((a, b) => compare(a.pair.key, b.pair.key) || compare(a.id, b.id));
}

function summarise(config: DatasetConfig, found: Found, problems: readonly Problem[], id: string): SnapshotSummary {
  const { pairing } = config;
  const strength = pairing.layout === 'class-folders' ? 'weak' : pairing.strength;
  return {
    id,
    created: new Date().toISOString(),
    items: countBy(found.items, (item) => item.modality, Modality.options),
    pairs: modalityPairsOf(config).map((pair) => ({
      ...pair,
      strength,
      count: found.pairs.filter(({ first, second }) => first.modality === pair.first && second.modality === pair.second)
        .length,
    })),
    classes: distinctLabels(
      found.items.map((item) => item.class),
      compareClasses,
    ),
    splits: distinctLabels(
      found.items.map((item) => item.split),
      compareSplits,
    ),
    unpaired: lonersOf(found).length,
    problems: countBy(problems, (problem) => problem.kind, ProblemKind.options),
  };
}

function countBy<T, K extends string>(
  elements: readonly T[],
  keyOf: (element: T) => K,
  keys: readonly K[],
): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) {
    const count = elements.filter((element) => keyOf(element) === key).length;
    if (count > 0) counts[key] = count;
  }
  return counts;
}

/** By code units, the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
