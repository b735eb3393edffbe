import type { Job } from '../base/progress.ts';
import type { ItemRow, Snapshot } from '../dataset/snapshot.ts';
import { embeddingsOf } from '../embedding/encodeSnapshot.ts';
import type { InputPair, Inputs, LearningData } from '../learning/data.ts';
import { vectorInputs } from '../learning/inputs.ts';
import type { Modality, PairRow } from '../protocol.ts';

/** Vectors of a modality with the items that they belong to. */
interface Vectors {
  readonly ids: readonly string[];
  readonly dimensions: number;
  readonly vectors: Float32Array;
}

/** What a method learns from: the embedding sets of the two modalities, computed where they are missing. */
export async function loadLearningData(
  snapshot: Snapshot,
  source: Modality,
  target: Modality,
  job?: Job,
): Promise<LearningData> {
  const sourceSet = await embeddingsOf(snapshot, source, job);
  const targetSet = await embeddingsOf(snapshot, target, job);
  return await join(snapshot, source, target, sourceSet, targetSet);
}

/** The same items, pairs and classes without vectors: enough to see whether an experiment's tasks can be drawn. */
export async function outlineLearningData(
  snapshot: Snapshot,
  source: Modality,
  target: Modality,
): Promise<LearningData> {
  const withoutVectors = async (modality: Modality): Promise<Vectors> => ({
    ids: (await snapshot.items(modality)).map(({ id }) => id),
    dimensions: 0,
    vectors: new Float32Array(0),
  });
  return await join(snapshot, source, target, await withoutVectors(source), await withoutVectors(target));
}

async function join(
  snapshot: Snapshot,
  source: Modality,
  target: Modality,
  sourceVectors: Vectors,
  targetVectors: Vectors,
): Promise<LearningData> {
  const pairs = await snapshot.pairs({ first: source, second: target });
  const sourceClasses = classesOf(await snapshot.items(source), pairs);
  const targetClasses = classesOf(await snapshot.items(target), pairs);
  const classes = [...new Set([...sourceClasses.values(), ...targetClasses.values()])].sort();
  const classIndex = new Map(classes.map((name, index) => [name, index]));
  const sourceRows = rowsOf(sourceVectors);
  const targetRows = rowsOf(targetVectors);
  return {
    source: inputs(sourceVectors, sourceClasses, classIndex),
    target: inputs(targetVectors, targetClasses, classIndex),
    pairs: pairs.flatMap((pair) => inputPair(pair, source, sourceRows, targetRows, classIndex)),
    classes,
    strength: pairs.every(({ strength }) => strength === 'strong') ? 'strong' : 'weak',
  };
}

/** The class of each item: its own, or that of a pair that it is in. */
function classesOf(items: readonly ItemRow[], pairs: readonly PairRow[]): Map<string, string> {
  const classes = new Map<string, string>();
  for (const { first, second, class: name } of pairs) {
    if (name === undefined) continue;
    classes.set(first.item, name);
    classes.set(second.item, name);
  }
  const known = new Map<string, string>();
  for (const { id, class: own } of items) {
    const name = own ?? classes.get(id);
    if (name !== undefined) known.set(id, name);
  }
  return known;
}

function rowsOf({ ids }: Vectors): Map<string, number> {
  return new Map(ids.map((id, row) => [id, row]));
}

function inputs(
  { ids, dimensions, vectors }: Vectors,
  classOf: ReadonlyMap<string, string>,
  classIndex: ReadonlyMap<string, number>,
): Inputs {
  const classes = Int32Array.from(ids, (id) => classIndex.get(classOf.get(id) ?? '') ?? -1);
  return vectorInputs(dimensions, vectors, classes);
}

/** Nothing for a pair with an item that could not be encoded: the embedding room names those. */
function inputPair(
  { first, second, class: name }: PairRow,
  source: Modality,
  sourceRows: ReadonlyMap<string, number>,
  targetRows: ReadonlyMap<string, number>,
  classIndex: ReadonlyMap<string, number>,
): InputPair[] {
  const [from, to] = first.modality === source ? [first, second] : [second, first];
  const sourceRow = sourceRows.get(from.item);
  const targetRow = targetRows.get(to.item);
  if (sourceRow === undefined || targetRow === undefined) return [];
  return [{ source: sourceRow, target: targetRow, class: classIndex.get(name ?? '') ?? -1 }];
}
