import type { Job } from '../base/progress.ts';
import type { ItemRow, Snapshot } from '../dataset/snapshot.ts';
import type { UnreadableItem } from '../embedding/embeddingSet.ts';
import { nameOfEncoder } from '../embedding/encoderChoice.ts';
import { embeddingsOf } from '../embedding/encodeSnapshot.ts';
import type { MediaInputs } from '../embedding/media/mediaEncoding.ts';
import { mediaSetOf } from '../embedding/media/readMedia.ts';
import type { InputPair, Inputs, LearningData } from '../learning/data.ts';
import { vectorInputs } from '../learning/inputs.ts';
import type { Modality, PairRow } from '../protocol.ts';
import type { TrainedContents } from './network.ts';
import type { RunPlan } from './runFolder.ts';
import type { Snapshots } from './snapshots.ts';

/** The arrays of a modality with the items that they belong to: row i is of item `ids[i]`. */
interface Arrays {
  readonly modality: Modality;
  readonly ids: readonly string[];
  readonly unreadable: readonly UnreadableItem[];
  /** Names the items: `contents` of the snapshot's summary. */
  readonly contents: string;
  /** @param classes of the rows */
  inputs(classes: Int32Array): Inputs;
  close(): void;
}

/** What a method learns from, which may lie in open files. Whoever opens it closes it. */
export interface OpenLearningData extends LearningData {
  /** What is left out, in sentences for the report. */
  readonly notes: readonly string[];
  readonly contents: TrainedContents;
  close(): void;
}

/** What decides a run's data, besides the snapshot. */
export type DataChoice = Pick<RunPlan, 'source' | 'target' | 'inputs' | 'encoders'>;

/** What a method learns from: the embedding sets or the media of the two modalities, computed where they are missing. */
export async function openLearningData(
  snapshots: Snapshots,
  { source, target, inputs, encoders }: DataChoice,
  job?: Job,
): Promise<OpenLearningData> {
  const open = (snapshot: Snapshot, modality: Modality, encoder: string): Promise<Arrays> =>
    inputs === 'embeddings'
      ? vectorArrays(snapshot, modality, encoder, job)
      : mediaArrays(snapshot, modality, inputs, job);
  const sources = await open(snapshots.source, source, encoders.source);
  const targets = await orClose([sources], () => open(snapshots.target, target, encoders.target));
  const data = await orClose([sources, targets], () => join(snapshots, sources, targets));
  return {
    ...data,
    notes: [sources, targets].flatMap(leftOut),
    contents: { source: sources.contents, target: targets.contents },
    close: () => closeAll([sources, targets]),
  };
}

/** The same items, pairs and classes without arrays: enough to see whether an experiment's tasks can be drawn. */
export async function outlineLearningData(
  snapshots: Snapshots,
  { source, target }: Pick<DataChoice, 'source' | 'target'>,
): Promise<LearningData> {
  const withoutArrays = async (snapshot: Snapshot, modality: Modality): Promise<Arrays> => ({
    modality,
    ids: (await snapshot.items(modality)).map(({ id }) => id),
    unreadable: [],
    contents: '',
    inputs: (classes) => vectorInputs(0, new Float32Array(0), classes),
    close() {},
  });
  return await join(
    snapshots,
    await withoutArrays(snapshots.source, source),
    await withoutArrays(snapshots.target, target),
  );
}

/** @param encoder name and version */
async function vectorArrays(snapshot: Snapshot, modality: Modality, encoder: string, job?: Job): Promise<Arrays> {
  const choice = { ...job, encoder: nameOfEncoder(encoder) };
  const { ids, unreadable, contents, dimensions, vectors } = await embeddingsOf(snapshot, modality, choice);
  return {
    ...{ modality, ids, unreadable, contents },
    inputs: (classes) => vectorInputs(dimensions, vectors, classes),
    close() {},
  };
}

async function mediaArrays(snapshot: Snapshot, modality: Modality, inputs: MediaInputs, job?: Job): Promise<Arrays> {
  const { ids, unreadable, contents, shape, gather, read, close } = await mediaSetOf(snapshot, modality, inputs, job);
  return {
    ...{ modality, ids, unreadable, contents },
    inputs: (classes) => ({ rows: ids.length, shape, classes, gather, read }),
    close,
  };
}

/** What the work gives; when it fails, nothing stays open. */
async function orClose<T>(opened: readonly Arrays[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

function closeAll(opened: readonly Arrays[]): void {
  for (const { close } of opened) close();
}

function leftOut({ modality, unreadable }: Arrays): string[] {
  const [first] = unreadable;
  if (first === undefined) return [];
  const items = unreadable.length === 1 ? 'item cannot be used and takes' : 'items cannot be used and take';
  return [`${unreadable.length} ${modality} ${items} no part. The first one: ${first.sentence}`];
}

async function join(snapshots: Snapshots, sources: Arrays, targets: Arrays): Promise<LearningData> {
  const [source, target] = [sources.modality, targets.modality];
  const { areApart } = snapshots;
  const pairs = areApart ? [] : await snapshots.target.pairs({ first: source, second: target });
  const classesIn = async (snapshot: Snapshot, modality: Modality) =>
    classesOf(await snapshot.items(modality), areApart ? await pairsWith(snapshot, modality) : pairs);
  const sourceClasses = await classesIn(snapshots.source, source);
  const targetClasses = await classesIn(snapshots.target, target);
  const classes = [...new Set([...sourceClasses.values(), ...targetClasses.values()])].sort();
  const classIndex = new Map(classes.map((name, index) => [name, index]));
  const sourceRows = rowsOf(sources);
  const targetRows = rowsOf(targets);
  return {
    source: inputs(sources, sourceClasses, classIndex),
    target: inputs(targets, targetClasses, classIndex),
    pairs: pairs.flatMap((pair) => inputPair(pair, source, sourceRows, targetRows, classIndex)),
    classes,
    areApart,
    strength: pairs.every(({ strength }) => strength === 'strong') ? 'strong' : 'weak',
  };
}

/** All pairs that have an item of a modality. */
async function pairsWith(snapshot: Snapshot, modality: Modality): Promise<PairRow[]> {
  const own = snapshot.summary.pairs.filter(({ first, second }) => first === modality || second === modality);
  return (await Promise.all(own.map((modalities) => snapshot.pairs(modalities)))).flat();
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

function rowsOf({ ids }: Arrays): Map<string, number> {
  return new Map(ids.map((id, row) => [id, row]));
}

function inputs(
  { ids, inputs: inputsOf }: Arrays,
  classOf: ReadonlyMap<string, string>,
  classIndex: ReadonlyMap<string, number>,
): Inputs {
  const classes = Int32Array.from(ids, (id) => classIndex.get(classOf.get(id) ?? '') ?? -1);
  return inputsOf(classes);
}

/** Nothing for a pair with an item that could not be read: the notes say so. */
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
